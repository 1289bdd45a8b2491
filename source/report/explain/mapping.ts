import type {MappingRule} from '../../model/load-step.js';
import {own} from '../../model/own.js';
import type {RelatedRecord} from '../../model/related-record.js';
import type {FieldValue} from '../../model/value.js';
import type {LoadRow} from '../rows/shapes.js';

/** One mapped field as a row met it. */
export type ExplainedField = {
	readonly field: string;
	readonly variables: Readonly<Record<string, FieldValue | null>>;
	/** What came in: the variable's value, or several joined. */
	readonly incoming: FieldValue | null;
	readonly conflict: string;
	/** Before and after; both null where the row wrote nothing and found no record. */
	readonly old: unknown;
	readonly new: unknown;
	readonly changed: boolean;
	/** The records that the values are the ids or, in a dry run, the identifiers of; absent where there are none. */
	readonly related?: readonly RelatedRecord[];
};

/** Each mapped field: what came in, by which conflict rule, and what the record held before and holds after. */
export function explainFields(
	mapping: readonly MappingRule[],
	row: LoadRow,
	typedValue: (variable: string) => FieldValue | null,
	exposed: (variable: string) => RelatedRecord | undefined,
): readonly ExplainedField[] {
	const wrote = row.outcome === 'created' || row.outcome === 'updated';
	const found = wrote || row.reason === 'no change';
	return mapping.map(({field, variables, join, conflict}) => {
		const values = Object.fromEntries(variables.map((name) => [name, typedValue(name)]));
		const change = own(row.changes, field);
		const related = distinct([...(own(row.related ?? {}, field) ?? []), ...variables.flatMap((name) => exposed(name) ?? [])]);
		const stays = found ? (own(row.values, field) ?? null) : null;
		return {
			field,
			variables: values,
			incoming: incomingOf(Object.values(values), join),
			conflict,
			old: change ? change[0] : stays,
			new: change ? change[1] : stays,
			changed: change !== undefined,
			...(related.length > 0 && {related}),
		};
	});
}

function distinct(records: readonly RelatedRecord[]): readonly RelatedRecord[] {
	return [...new Map(records.map((one) => [one.id ?? one.record, one])).values()];
}

function incomingOf(values: readonly (FieldValue | null)[], join: string): FieldValue | null {
	const present = values.filter((value) => value !== null);
	if (values.length === 1 || present.length <= 1) return present[0] ?? null;
	return present.map((value) => (Array.isArray(value) ? value.join(', ') : String(value))).join(join);
}
