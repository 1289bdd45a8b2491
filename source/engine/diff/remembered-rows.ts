import type {SqlSession} from '../../model/sql-session.js';
import {keptTable, literal} from '../../model/sql-text.js';
import type {RememberedRows} from '../../store/record-store.js';

/** More or less: hashes fall into batches by their first bytes. */
const rowsPerBatch = 50_000;

/**
 * What a run remembers of a scope (SPEC 7): the hashes of the rows that ended in every step as created, updated or `no change`, and
 * carried no warning anywhere; and of the unchanged ones, which keep the execution that wrote them. Where rows have the same values,
 * all of them must have ended so: one that errored is to be tried again, and its twin would hide it.
 *
 * Reads `` `variables:<scope>` ``, `` `diff:<scope>` `` where the diff check was on, and `` `load:<n>` ``.
 *
 * @param steps the numbers of the scope's load steps, from 1
 * @param execution what newly remembered rows are remembered as written by
 * @param which `new`: without the unchanged ones, whose hashes no other row can have
 * @returns each hash once, in batches of some ten thousand
 */
export async function* rememberedRows(
	session: SqlSession,
	scope: string,
	steps: readonly number[],
	execution: string,
	which: 'all' | 'new' = 'all',
): AsyncIterable<RememberedRows> {
	const tables = await session.rows<{name: string}>('SHOW TABLES FROM run');
	const compared = tables.some(({name}) => name === `diff:${scope}`);
	for await (const [digits = [], since = []] of session.blocks(rememberedSelect(scope, steps, execution, compared, which))) {
		for (const [batch, text] of digits.entries()) yield {hashes: Buffer.from(String(text), 'hex'), since: String(since[batch])};
	}
}

/** The rows that a step did not end well. Unchanged rows come to it as skipped, and stay remembered. */
function unfinished(step: number): string {
	return `SELECT __row FROM ${keptTable(`load:${step}`)}
WHERE NOT ((__outcome IN ('created', 'updated') OR ifNull(__reason, '') = 'no change') AND empty(__warnings))
AND NOT startsWith(ifNull(__reason, ''), 'unchanged since ')`;
}

function rememberedSelect(scope: string, steps: readonly number[], execution: string, compared: boolean, which: 'all' | 'new'): string {
	const all = compared && which === 'all';
	const since = all ? 'unchanged.__since' : "''";
	const finished = steps.map((step) => `AND typed.__row NOT IN (${unfinished(step)})`).join('\n');
	const join = all ? `LEFT ANY JOIN ${keptTable(`diff:${scope}`)} AS unchanged ON typed.__row = unchanged.__row` : '';
	const among = compared && which === 'new' ? `WHERE typed.__row NOT IN (SELECT __row FROM ${keptTable(`diff:${scope}`)})` : '';
	// why batches: a million texts of 32 digits would each be taken apart and put together again on their way; why digits: joined as they
	// are, hashes would lose the zeros at their ends
	return `SELECT arrayStringConcat(groupArray(hex(hash))) AS digits, since
FROM (
SELECT hash, if(max(found) = '', ${literal(execution)}, max(found)) AS since
FROM (
	SELECT typed.__hash AS hash, ${since} AS found,
		found != '' OR (typed.__state = 'ok' AND empty(typed.__problems) AND empty(typed.__notes)
		${finished}) AS remembered
	FROM ${keptTable(`variables:${scope}`)} AS typed
	${join}
	${among}
)
GROUP BY hash
HAVING min(remembered) = 1
)
GROUP BY since, reinterpretAsUInt32(substring(hash, 1, 4)) % (1 + intDiv((SELECT count() FROM ${keptTable(`variables:${scope}`)}), ${rowsPerBatch}))`;
}
