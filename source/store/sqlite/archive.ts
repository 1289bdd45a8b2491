import {SluiceError} from '../../model/errors.js';
import {identifierOf, type ObjectDefinition} from '../../model/object.js';
import {type FieldValue, lookupKey} from '../../model/value.js';
import type {Candidate} from '../record-store.js';
import type {Database} from './connection.js';
import {tableOf} from './layout.js';
import {isId} from './record-id.js';
import type {RecordTable} from './record-table.js';

/**
 * Archives records or brings them back, all or none. A record is named by its unique identifier, else by its id.
 *
 * @returns how many records changed
 * @throws SluiceError `store.unknown`, `store.clash`
 */
export function archiveRecords(db: Database, table: RecordTable, identifiers: readonly string[], archived: boolean): number {
	const named = recordsNamed(table, identifiers);
	const missing = identifiers.filter((text) => !named.has(text));
	if (missing.length > 0) {
		throw new SluiceError('store.unknown', `No record of ${table.object.apiName}: ${missing.join(', ')}. Nothing was done.`, {
			cure: `See \`sluice records ${table.object.apiName} --archived\` for those there are.`,
		});
	}
	const changing = [
		...new Map([...named.values()].filter((record) => record.archived !== archived).map((record) => [record.id, record])).keys(),
	];
	if (!archived) refuseClashes(table, changing);
	const set = db.prepare(`UPDATE ${tableOf(table.object.apiName)} SET _archived = ? WHERE _row = ?`);
	for (const row of table.rowsOf(changing).values()) set.run(archived ? 1 : 0, row);
	return changing.length;
}

function recordsNamed(table: RecordTable, texts: readonly string[]): ReadonlyMap<string, Candidate> {
	const identifier = identifierOf(table.object);
	const values = new Map(texts.map((text) => [text, identifierValue(table.object, text)]));
	const byIdentifier = table.lookup(identifier.apiName, [...values.values()]);
	const byId = table.lookup('id', texts.map((text) => text.toLowerCase()).filter(isId));
	const named = new Map<string, Candidate>();
	for (const [text, value] of values) {
		const record = byIdentifier.get(lookupKey(value, identifier.type))?.[0] ?? byId.get(text.toLowerCase())?.[0];
		if (record) named.set(text, record);
	}
	return named;
}

/** What a person typed, in the form the identifier is kept in. */
function identifierValue(object: ObjectDefinition, typed: string): FieldValue {
	const {type} = identifierOf(object);
	const text = typed.trim();
	if (type === 'email' || type === 'uuid') return text.toLowerCase();
	if (type !== 'integer' || !/^[+-]?\d{1,18}$/.test(text)) return text;
	const number = BigInt(text.replace('+', ''));
	return Number.isSafeInteger(Number(number)) ? Number(number) : number;
}

/** A `unique` value binds active records only, so that another may have taken it meanwhile (SPEC 2.1). */
function refuseClashes(table: RecordTable, ids: readonly string[]): void {
	const coming = new Set(ids);
	const identifier = identifierOf(table.object).apiName;
	const uniques = table.object.fields.filter((field) => field.unique && !field.identifier);
	for (const field of uniques) {
		const values = [...table.read(ids, [field.apiName]).values()].flatMap(({values: [value]}) => (value == null ? [] : [value]));
		for (const [key, candidates] of table.lookup(field.apiName, values)) {
			const holders = candidates.filter(({id, archived}) => !archived || coming.has(id)).map(({id}) => id);
			if (holders.length < 2) continue;
			const names = [...table.read(holders, [identifier]).values()].map(({id, values: [name]}) => String(name ?? id));
			throw new SluiceError('store.clash', `${field.apiName} "${key}" would be held by ${names.join(' and ')}. Nothing was done.`, {
				where: `${table.object.apiName}.${field.apiName}`,
			});
		}
	}
}
