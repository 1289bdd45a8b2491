import type {LoadStep} from '../../model/load-step.js';
import type {ObjectDefinition} from '../../model/object.js';
import {toBeCreated} from '../../model/related-record.js';
import type {SqlSession} from '../../model/sql-session.js';
import {keptTable, literal, relatedTable} from '../../model/sql-text.js';
import {keptColumns} from './columns.js';
import {stepOfTable} from './record-cells.js';

/** What a kept table knows of a record: its unique identifier, and whether the run itself created it. */
export type NamedRecord = {readonly record: string | null; readonly created: boolean};

/** The relationships among the fields of a table `load:<n>`, and the step they belong to. */
export type Relations = {
	readonly step: number;
	/** The related objects by the names of the fields. */
	readonly objects: ReadonlyMap<string, string>;
	/** Whether the run kept the names of the related records; a step that is not through has not yet. */
	readonly kept: boolean;
};

type RunWith = {readonly connector: {readonly loadSteps: readonly LoadStep[]}; readonly objects: readonly ObjectDefinition[]};

/** The relationships of a table; null where it has none. */
export async function relationsOf(session: SqlSession, table: string, run: RunWith): Promise<Relations | null> {
	const found = stepOfTable(table, run);
	if (!found) return null;
	const fields = found.object?.fields ?? [];
	const mapped = found.step.mapping.flatMap(
		({field}) => fields.find(({apiName, type}) => apiName === field && type === 'relationship') ?? [],
	);
	if (mapped.length === 0) return null;
	const kept = (await keptColumns(session, relatedTable(found.number))).length > 0;
	return {step: found.number, objects: new Map(mapped.map(({apiName, object}) => [apiName, object ?? ''])), kept};
}

/** SQL: the identifier of the record that `id` is the id of; `id` itself where the run does not know it. `marked`: says which are to be created. */
export function identifierSql(id: string, relations: Pick<Relations, 'step'>, marked = false): string {
	const name = 'ifNull(record, id)';
	return translated(id, relations, marked ? `if(created = 1, concat(${name}, ${literal(toBeCreated)}), ${name})` : name);
}

/** SQL: what the kept table has for an id: a look-up for each row, however many ids there are. */
function translated(id: string, {step}: Pick<Relations, 'step'>, into: string): string {
	const named = `(SELECT id, record, created FROM ${keptTable(relatedTable(step))} ORDER BY id)`;
	return `transform(${id}, (SELECT groupArray(id) FROM ${named}), (SELECT groupArray(${into}) FROM ${named}), ${id})`;
}

/** SQL: the same for the text of a list of ids: a text with commas. */
export function identifiersSql(ids: string, relations: Pick<Relations, 'step'>, marked = false): string {
	const each = identifierSql('id', relations, marked);
	return `if(startsWith(ifNull(${ids}, ''), '['), arrayStringConcat(arrayMap(id -> ${each}, JSONExtract(assumeNotNull(${ids}), 'Array(String)')), ', '), ${ids})`;
}

/** SQL: an id, or the text of a list of ids, without those of records that the run itself created. */
export function withoutCreated(value: string, multiple: boolean, relations: Pick<Relations, 'step'>): string {
	const left = (id: string) => translated(id, relations, "if(created = 1, '', id)");
	if (!multiple) return `nullIf(${left(value)}, '')`;
	const ids = `arrayFilter(id -> id != '', arrayMap(id -> ${left('id')}, JSONExtract(assumeNotNull(${value}), 'Array(String)')))`;
	return `if(startsWith(ifNull(${value}, ''), '['), CAST(toJSONString(${ids}) AS Nullable(String)), ${value})`;
}

/** Ids of one statement: the engine reads 256 KiB of it. */
const idsAtOnce = 2000;

/**
 * What the run knows of records, by their ids. Where the step is not through yet, only of those that the run itself has come to.
 *
 * @returns without the ids that it does not know
 */
export async function namedRecords(
	session: SqlSession,
	relations: Relations,
	ids: readonly string[],
	{connector}: RunWith,
): Promise<ReadonlyMap<string, NamedRecord>> {
	const named = new Map<string, NamedRecord>();
	const related = new Set(relations.objects.values());
	const sources = relations.kept
		? [keptTable(relatedTable(relations.step))]
		: await comeTo(
				session,
				connector.loadSteps.slice(0, relations.step).flatMap(({object}, index) => (related.has(object) ? [index + 1] : [])),
			);
	for (const source of sources) {
		for (let first = 0; first < ids.length; first += idsAtOnce) {
			const some = ids
				.slice(first, first + idsAtOnce)
				.map(literal)
				.join(', ');
			const found = await session.rows<{id: string; record: string | null; created: string | number | boolean}>(
				`SELECT id, record, created FROM ${source} WHERE id IN (${some})`,
			);
			for (const {id, record, created} of found) named.set(id, {record, created: Number(created) === 1 || named.get(id)?.created === true});
		}
	}
	return named;
}

/** The records that the rows of these steps ended on, as sources of `id`, `record` and `created`. */
async function comeTo(session: SqlSession, steps: readonly number[]): Promise<readonly string[]> {
	const sources: string[] = [];
	for (const step of steps) {
		const table = `load:${step}`;
		if ((await keptColumns(session, table)).length > 0) sources.push(recordsComeTo(table));
	}
	return sources;
}

/** SQL: `id`, `record` and `created` of each record that a row of a table `load:<n>` ended on, with the name that the last of its rows left. */
export function recordsComeTo(table: string): string {
	return `(SELECT assumeNotNull(__record_id) AS id, argMax(__record, __row) AS record, max(__outcome = 'created') AS created
FROM ${keptTable(table)}
WHERE __record_id IS NOT NULL
GROUP BY id)`;
}
