import type {FieldValue} from '../../../model/value.js';
import type {Candidate, RecordReader} from '../../../store/record-store.js';
import {nearMiss} from '../../../text/near-miss.js';
import type {MappedField, Related} from './compile-step.js';
import type {IncomingField} from './incoming.js';
import {textOf} from './map.js';
import {notFound, referenceOf} from './related.js';
import {shown} from './values/shown.js';

/** Related records by the text they are asked for by; null for one that is not there. */
export type FoundRelated = (text: string) => Candidate | null;

/** Looks up all related records that a chunk names, of another object than the step's own. */
export async function lookUpRelated(related: Related, texts: ReadonlySet<string>, reader: RecordReader): Promise<FoundRelated> {
	const references = new Map([...texts].map((text) => [text, referenceOf(related, text)]));
	const ids = [...references.values()].flatMap(({id}) => (id === null ? [] : [id]));
	const identifiers = new Map(
		[...references.values()].flatMap(({identifier}) => (identifier ? [[identifier.key, identifier.value] as const] : [])),
	);
	const byId = ids.length === 0 ? new Map() : await reader.lookup(related.object, 'id', [...new Set(ids)]);
	const byIdentifier =
		identifiers.size === 0 ? new Map() : await reader.lookup(related.object, related.identifier.apiName, [...identifiers.values()]);
	return (text) => {
		const reference = references.get(text);
		const found: readonly Candidate[] | undefined =
			byId.get(reference?.id ?? '') ?? (reference?.identifier ? byIdentifier.get(reference.identifier.key) : undefined);
		return found?.[0] ?? null;
	};
}

/** The texts by which a column names related records. */
export function namedIn(values: readonly (FieldValue | null)[], into: Set<string> = new Set()): Set<string> {
	for (const value of values) {
		if (value === null) continue;
		if (typeof value === 'object') for (const text of value) into.add(text);
		else into.add(String(value));
	}
	return into;
}

/** Puts the ids of active related records for the texts that name them; a row that names one that is not there is refused. */
export function putRelated({field, related}: MappedField, incoming: IncomingField, find: FoundRelated): void {
	if (!related) return;
	const idOf = (text: string) => {
		const found = find(text);
		return found && !found.archived ? found.id : null;
	};
	incoming.values = incoming.values.map((value, row) => {
		if (value === null) return null;
		const texts = typeof value === 'object' ? value : [String(value)];
		const ids = new Set<string>();
		for (const text of texts) {
			const id = idOf(text);
			if (id === null) {
				incoming.refusals.set(row, notFound(field.apiName, related, text));
				return null;
			}
			ids.add(id);
		}
		return field.multiple ? [...ids] : ([...ids][0] ?? null);
	});
	incoming.texts = incoming.values.map(textOf);
}

/** Refuses rows that bring an option the field does not have, unless the step may add it (SPEC 8.2). */
export function checkOptions({field, createOptions}: MappedField, incoming: IncomingField, known: ReadonlySet<string>): void {
	if (createOptions) return;
	const values = incoming.values.map((value, row) => {
		if (value === null) return null;
		const strange = (typeof value === 'object' ? value : [String(value)]).find((option) => !known.has(option));
		if (strange === undefined) return value;
		incoming.refusals.set(row, `${field.apiName}: ${shown(strange)} is not one of its options${nearOption(strange, known)}`);
		return null;
	});
	incoming.values = values;
	incoming.texts = values.map(textOf);
}

/** Names the option that was meant, where it looks the same. */
function nearOption(strange: string, known: ReadonlySet<string>): string {
	for (const option of known) {
		const difference = nearMiss(strange, option);
		if (difference) return ` (${shown(option)} ${difference})`;
	}
	return '';
}
