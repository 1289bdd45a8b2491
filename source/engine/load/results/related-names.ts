import type {Connector} from '../../../model/connector.js';
import {type Field, identifierOf, type ObjectDefinition} from '../../../model/object.js';
import type {SqlSession} from '../../../model/sql-session.js';
import {identifier, keptTable, literal, relatedTable, writtenOnce} from '../../../model/sql-text.js';
import {recordsComeTo} from '../../../report/run-tables/related.js';
import type {RecordReader} from '../../../store/record-store.js';
import {textOf} from '../plan/map.js';
import {stepOf} from '../step-columns.js';

/** Records that the store is asked for at once. */
const recordsAtOnce = 20_000;

type Relationship = Field & {readonly object: string};

/**
 * Keeps the unique identifiers of the records that a step's relationships name, before and after, as `` run.`related:<n>` ``: people
 * know records by their identifiers, and a record that a dry run would create cannot be asked for later. The step's table is complete by then.
 */
export async function keepRelatedNames(
	session: SqlSession,
	store: Pick<RecordReader, 'read'>,
	{connector, objects, step}: {readonly connector: Connector; readonly objects: readonly ObjectDefinition[]; readonly step: number},
): Promise<void> {
	const {object: name, mapping} = stepOf(connector, step);
	const fields = objects.find(({apiName}) => apiName === name)?.fields ?? [];
	const relationships = mapping.flatMap(({field}) =>
		fields.filter((one): one is Relationship => one.apiName === field && isRelationship(one)),
	);
	const target = keptTable(relatedTable(step));
	await session.execute(`DROP TABLE IF EXISTS ${target} SYNC`);
	if (relationships.length === 0) return;
	await session.execute(`CREATE TABLE ${target} (id String, record Nullable(String), created UInt8) ${writtenOnce('id')}`);
	for (const related of new Set(relationships.map(({object}) => object))) {
		const definition = objects.find(({apiName}) => apiName === related);
		if (!definition) continue;
		const ids = idsNamed(
			step,
			relationships.filter(({object}) => object === related),
		);
		const comeTo = connector.loadSteps.slice(0, step).flatMap(({object}, index) => (object === related ? [index + 1] : []));
		if (comeTo.length > 0) await session.execute(takeComeTo(target, ids, comeTo));
		await askStore(session, store, definition, {target, ids});
	}
}

const isRelationship = ({type, object}: Field): boolean => type === 'relationship' && object !== null;

/** What a field that failed its row shows may be the text that the row brought. */
const isId = (id: string) => `match(${id}, '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$')`;

/** SQL: each id once, as `id`, that these fields hold in the step's table, or held before. */
function idsNamed(step: number, fields: readonly Relationship[]): string {
	const all = fields.flatMap(({apiName, multiple}) => {
		const [now, before] = [identifier(apiName), literal(apiName)];
		return multiple
			? [`JSONExtract(ifNull(${now}, ''), 'Array(String)')`, `JSONExtract(__changes, ${before}, 1, 'Array(String)')`]
			: [`[ifNull(${now}, '')]`, `[JSONExtractString(__changes, ${before}, 1)]`];
	});
	return `SELECT DISTINCT id FROM (SELECT arrayJoin(arrayConcat(${all.join(', ')})) AS id FROM ${keptTable(`load:${step}`)}) WHERE ${isId('id')}`;
}

/** SQL that takes over those of the ids whose records rows of these steps ended on: the last step's name counts. */
function takeComeTo(target: string, ids: string, steps: readonly number[]): string {
	const sources = steps.map((step) => `SELECT id, record, created, ${step} AS step FROM ${recordsComeTo(`load:${step}`)}`);
	return `INSERT INTO ${target} (id, record, created)
SELECT id, argMax(record, step), max(created)
FROM (${sources.join(' UNION ALL ')})
WHERE id IN (${ids})
GROUP BY id`;
}

/** The ids that no row of the run ended on are of records that the store holds. */
async function askStore(
	session: SqlSession,
	store: Pick<RecordReader, 'read'>,
	object: ObjectDefinition,
	{target, ids}: {readonly target: string; readonly ids: string},
): Promise<void> {
	const name = identifierOf(object).apiName;
	const left = keptTable('related:asked');
	await session.execute(`DROP TABLE IF EXISTS ${left} SYNC`);
	await session.execute(`CREATE TABLE ${left} ${writtenOnce('id')} AS SELECT id FROM (${ids}) WHERE id NOT IN (SELECT id FROM ${target})`);
	try {
		for (let after = ''; ; ) {
			const page = await session.rows<{id: string}>(
				`SELECT id FROM ${left} WHERE id > ${literal(after)} ORDER BY id LIMIT ${recordsAtOnce}`,
			);
			const last = page.at(-1);
			if (last === undefined) return;
			after = last.id;
			const wanted = page.map(({id}) => id);
			const found = await store.read(object.apiName, wanted, [name]);
			const known = wanted.filter((id) => found.has(id));
			if (known.length === 0) continue;
			const names = known.map((id) => textOf(found.get(id)?.values[0] ?? null));
			await session.insert(target, ['id', 'record', 'created'], [known, names, known.map(() => 0)]);
		}
	} finally {
		await session.execute(`DROP TABLE IF EXISTS ${left} SYNC`);
	}
}
