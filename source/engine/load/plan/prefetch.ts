import {lookupKey} from '../../../model/value.js';
import type {RecordReader} from '../../../store/record-store.js';
import type {ChunkInput, ChunkRows} from './chunk-input.js';
import {type CompiledStep, idPosition, type Related} from './compile-step.js';
import {convertField, type IncomingField, keysOf, type Sought, soughtBy} from './incoming.js';
import {LookupCache} from './lookup-cache.js';
import {textOf} from './map.js';
import {referenceOf} from './related.js';
import {checkOptions, type FoundRelated, lookUpRelated, namedIn, putRelated} from './resolve-related.js';
import {runLookups} from './run-lookups.js';

type Gathered = {readonly input: ChunkInput; readonly answers: LookupCache};

/** What a chunk's plan depends on besides rows and records. */
export type PlanContext = Pick<ChunkInput, 'asideMark' | 'fires' | 'newId'>;

/** Converts a chunk's rows and asks the store all that planning them will foreseeably need, field by field, never row by row. */
export async function prefetch(step: CompiledStep, rows: ChunkRows, reader: RecordReader, circumstances: PlanContext): Promise<Gathered> {
	const incoming = step.mapped.map((mapped) => convertField(mapped, rows.raw));
	const options = await gatherOptions(step, incoming, reader);
	const sought = step.rules.map((rule) => soughtBy(rule, step, incoming, rows.raw));
	await resolveRelated(step, incoming, sought, reader);
	const input: ChunkInput = {...rows, ...circumstances, incoming, sought, options, idsGiven: []};
	const answers = new LookupCache();
	foreseeValues(step, input, answers);
	await runLookups(step, answers, reader);
	foreseeRecords(step, answers);
	if (!answers.complete) await runLookups(step, answers, reader);
	foreseeArchived(step, input, answers);
	if (!answers.complete) await runLookups(step, answers, reader);
	return {input, answers};
}

async function gatherOptions(step: CompiledStep, incoming: readonly IncomingField[], reader: RecordReader): Promise<ChunkInput['options']> {
	const options = new Map<number, ReadonlySet<string>>();
	for (const [position, mapped] of step.mapped.entries()) {
		const column = incoming[position];
		if (!mapped.hasOptions || !column) continue;
		const known = await reader.options(step.object.apiName, mapped.field.apiName);
		options.set(position, known);
		checkOptions(mapped, column, known);
	}
	return options;
}

/** Relations to other objects, whose records this step does not touch, become ids; one look-up for each related object. */
async function resolveRelated(
	step: CompiledStep,
	incoming: readonly IncomingField[],
	sought: readonly Sought[],
	reader: RecordReader,
): Promise<void> {
	const named = new Map<string, {readonly related: Related; readonly texts: Set<string>}>();
	const collect = (related: Related | null, values: Sought['values']) => {
		if (!related || related.self) return;
		const known = named.get(related.object) ?? {related, texts: new Set<string>()};
		namedIn(values, known.texts);
		named.set(related.object, known);
	};
	for (const [index, {related}] of step.mapped.entries()) collect(related, incoming[index]?.values ?? []);
	for (const [index, {related}] of step.rules.entries()) collect(related, sought[index]?.values ?? []);
	const found = new Map<string, FoundRelated>();
	for (const [object, {related, texts}] of named) found.set(object, await lookUpRelated(related, texts, reader));
	for (const [index, mapped] of step.mapped.entries()) {
		const find = mapped.related && found.get(mapped.related.object);
		const column = incoming[index];
		if (find && column) putRelated(mapped, column, find);
	}
	for (const [index, {related}] of step.rules.entries()) {
		const find = related && found.get(related.object);
		const column = sought[index];
		if (!find || !column) continue;
		column.values = column.values.map((value) => (value === null ? null : (find(String(value))?.id ?? null)));
		column.keys = column.values.map(textOf);
	}
}

function foreseeValues(step: CompiledStep, input: ChunkInput, answers: LookupCache): void {
	const asked = new Map<number, readonly unknown[]>();
	const want = (position: number, {keys, values}: Sought) => {
		if (asked.get(position) === keys) return;
		asked.set(position, keys);
		answers.requestAll(position, keys, values);
	};
	const wantNamed = (related: Related, values: Sought['values']) => {
		for (const text of namedIn(values)) {
			const {id, identifier} = referenceOf(related, text);
			if (id !== null) answers.request(idPosition, id, id);
			if (identifier) answers.request(step.identifier, identifier.key, identifier.value);
		}
	};
	for (const [index, rule] of step.rules.entries()) {
		const sought = input.sought[index];
		if (!sought) continue;
		if (rule.related?.self) wantNamed(rule.related, sought.values);
		else want(rule.position, sought);
	}
	for (const position of step.uniques) {
		const values = input.incoming[position]?.values;
		const type = step.layout[position]?.type;
		if (values && type && position < step.mapped.length && !step.mapped[position]?.related?.self)
			want(position, {keys: keysOf(values, type), values});
	}
	for (const [index, {related}] of step.mapped.entries()) if (related?.self) wantNamed(related, input.incoming[index]?.values ?? []);
}

/** Rows decide on records that are alone in holding a value; the holders of unique values are wanted to name them. */
function foreseeRecords(step: CompiledStep, answers: LookupCache): void {
	for (const position of new Set(step.rules.map((rule) => rule.position))) {
		for (const candidates of answers.entries(position)) {
			const [only] = candidates.length === 1 ? candidates : candidates.filter(({archived}) => !archived);
			if (only) answers.requestRecord(only.id);
		}
	}
	for (const position of step.uniques)
		for (const candidates of answers.entries(position)) for (const {id} of candidates) answers.requestRecord(id);
}

/** A record that comes back brings its unique values with it; one that makes way needs a free name. */
function foreseeArchived(step: CompiledStep, {asideMark}: ChunkInput, answers: LookupCache): void {
	const comesBack = step.rules.some(({archivedMatch}) => archivedMatch === 'unarchive_and_update' || archivedMatch === 'unarchive_only');
	const makesWay = step.rules.some(({archivedMatch}) => archivedMatch === 'create_new');
	for (const record of answers.records()) {
		if (!record.archived) continue;
		if (comesBack) {
			for (const position of step.uniques) {
				const value = record.values[position] ?? null;
				const type = step.layout[position]?.type;
				if (value !== null && type) answers.request(position, lookupKey(value, type), value);
			}
		}
		if (!makesWay) continue;
		const name = `${textOf(record.values[step.identifier] ?? null) ?? ''}${asideMark}`;
		answers.request(step.identifier, name, name);
	}
}
