/** A record that a relationship names. A record that a dry run would create has no id: none of that id will ever exist. */
export type RelatedRecord = {readonly id: string | null; readonly record: string | null; readonly to_be_created: boolean};

export type RelatedByField = Readonly<Record<string, readonly RelatedRecord[]>>;

/** What stands behind the identifier of a record that a dry run would create. */
export const toBeCreated = ' (to be created)';

/**
 * A relationship's value with the identifiers that people know the related records by. Values that name no related record are given back as they
 * are.
 *
 * @param ids whether each identifier has its id beside it
 */
export function relatedValue(value: unknown, related: readonly RelatedRecord[] | undefined, ids: boolean): unknown {
	if (related === undefined || related.length === 0) return value;
	if (Array.isArray(value)) return value.map((one) => relatedValue(one, related, ids)).join(', ');
	if (typeof value !== 'string') return value;
	const {id, record, to_be_created: isToBe} = related.find((one) => (one.id ?? one.record) === value) ?? {id: null, record: null};
	if (record === null) return value;
	if (isToBe) return record + toBeCreated;
	return ids && id !== null ? `${record} (${id})` : record;
}
