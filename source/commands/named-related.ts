import {own} from '../model/own.js';
import {type RelatedRecord, relatedValue} from '../model/related-record.js';

type Members = Readonly<Record<string, unknown>>;

/** A row of a load step, or the step of `explain`, as people read it: each related record by its identifier, with its id where it has one. */
export function namedRelated<Row extends Members>(row: Row): Row {
	const related = (row.related ?? {}) as Readonly<Record<string, readonly RelatedRecord[]>>;
	if (Object.keys(related).length === 0) return row;
	const named = (field: string, value: unknown) => relatedValue(value, own(related, field), true);
	const values = Object.entries((row.values ?? {}) as Members).map(([field, value]) => [field, named(field, value)]);
	const changes = Object.entries((row.changes ?? {}) as Readonly<Record<string, readonly unknown[]>>).map(([field, sides]) => [
		field,
		sides.map((value) => named(field, value)),
	]);
	return {...row, values: Object.fromEntries(values), changes: Object.fromEntries(changes)};
}
