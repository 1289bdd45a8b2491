import {SluiceError} from '../../model/errors.js';
import {own} from '../../model/own.js';
import type {FieldValue} from '../../model/value.js';
import type {ChunkCommit} from '../record-store.js';
import type {RecordTable} from './record-table.js';

/**
 * Refuses what the store's unique indexes would have refused: no index spans the store and the scratch file of a dry run.
 *
 * @throws SluiceError `store.clash`
 */
export function refuseHeldInBase(table: RecordTable, chunk: ChunkCommit): void {
	const returning = chunk.updates.filter(({archived}) => archived === false).map(({id}) => id);
	for (const field of table.object.fields) {
		if (!field.identifier && !field.unique) continue;
		const values = [...valuesWritten(chunk, field.apiName), ...valuesHeld(table, returning, field.apiName)];
		for (const [key, candidates] of table.lookup(field.apiName, values)) {
			const holders = field.identifier ? candidates : candidates.filter(({archived}) => !archived);
			if (holders.length < 2) continue;
			throw new SluiceError('store.clash', `A unique value is held by another record (${table.object.apiName}.${field.apiName} "${key}").`);
		}
	}
}

function valuesWritten({creates, updates, fields}: ChunkCommit, name: string): readonly FieldValue[] {
	const position = fields.indexOf(name);
	const created = position === -1 ? [] : creates.map(({values}) => values[position] ?? null);
	const changed = updates.map(({changes}) => own(changes, name) ?? null);
	return [...created, ...changed].filter((value) => value !== null);
}

function valuesHeld(table: RecordTable, ids: readonly string[], name: string): readonly FieldValue[] {
	return [...table.read(ids, [name]).values()].flatMap(({values: [value]}) => (value === null || value === undefined ? [] : [value]));
}
