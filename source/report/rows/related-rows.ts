import type {RelatedRecord} from '../../model/related-record.js';
import type {SqlSession} from '../../model/sql-session.js';
import type {FieldValue} from '../../model/value.js';
import {type NamedRecord, namedRecords, type Relations} from '../run-tables/related.js';
import type {RowsRequest} from './request.js';
import type {LoadRow} from './shapes.js';

/**
 * Rows of `load:<n>` with the identifiers of the records that their relationships name. Where a dry run would create the record, its identifier
 * stands in place of the id.
 */
export async function withRelated(
	session: SqlSession,
	rows: readonly LoadRow[],
	relations: Relations,
	request: Pick<RowsRequest, 'connector' | 'objects' | 'mode'>,
): Promise<readonly LoadRow[]> {
	const fields = [...relations.objects.keys()];
	const ids = new Set(rows.flatMap((row) => fields.flatMap((field) => idsIn(row, field))));
	if (ids.size === 0) return rows;
	const named = await namedRecords(session, relations, [...ids], request);
	const isToBe = (id: string) => request.mode === 'dry' && named.get(id)?.created === true;
	const shown = (value: unknown): unknown => {
		if (Array.isArray(value)) return value.map(shown);
		return typeof value === 'string' && isToBe(value) ? (named.get(value)?.record ?? null) : value;
	};
	return rows.map((row) => {
		const related = Object.fromEntries(
			fields.flatMap((field) => {
				const records = idsIn(row, field).map((id) => relatedRecord(id, named.get(id), isToBe(id)));
				return records.length === 0 ? [] : [[field, records]];
			}),
		);
		if (Object.keys(related).length === 0) return row;
		const values = Object.entries(row.values).map(([field, value]) => [field, relations.objects.has(field) ? shown(value) : value]);
		const changes = Object.entries(row.changes).map(([field, [before, after]]) =>
			relations.objects.has(field) ? [field, [shown(before), shown(after)]] : [field, [before, after]],
		);
		return {
			...row,
			values: Object.fromEntries(values) as Readonly<Record<string, FieldValue>>,
			changes: Object.fromEntries(changes) as LoadRow['changes'],
			related,
		};
	});
}

/** The related records that a row names in a field, before and after, each once. */
function idsIn({values, changes}: LoadRow, field: string): readonly string[] {
	const given = [Object.hasOwn(values, field) ? values[field] : null, ...(Object.hasOwn(changes, field) ? (changes[field] ?? []) : [])];
	return [...new Set(given.flat().filter((id): id is string => typeof id === 'string'))];
}

function relatedRecord(id: string, known: NamedRecord | undefined, toBeCreated: boolean): RelatedRecord {
	return {id: toBeCreated ? null : id, record: known?.record ?? null, to_be_created: toBeCreated};
}
