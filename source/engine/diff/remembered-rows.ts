import {SluiceError} from '../../model/errors.js';
import type {ByteSession, SqlSession} from '../../model/sql-session.js';
import {keptTable, literal} from '../../model/sql-text.js';
import type {RememberedRows} from '../../store/record-store.js';

const hashBytes = 16;

/** Hashes that are handed on together: each batch is a write of its own. */
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
	session: Pick<SqlSession, 'rows'> & ByteSession,
	scope: string,
	steps: readonly number[],
	execution: string,
	which: 'all' | 'new' = 'all',
): AsyncIterable<RememberedRows> {
	const tables = await session.rows<{name: string}>('SHOW TABLES FROM run');
	const compared = tables.some(({name}) => name === `diff:${scope}`);
	const earlier = compared && which === 'all' ? await writersOf(session, scope) : [];
	const batches = [execution, ...earlier].map((since) => ({since, hashes: Buffer.alloc(0), length: 0}));
	// a row is the place of who wrote it in that list, where it has more than one, then its hash
	const numberBytes = earlier.length > 0 ? 4 : 0;
	for await (const rows of session.bytes(rememberedSelect(scope, steps, earlier, compared, which))) {
		for (let at = 0; at < rows.length; ) {
			const batch = batches[numberBytes > 0 ? rows.readUInt32LE(at) : 0];
			if (!batch) throw new SluiceError('internal', 'A remembered row is of nobody.', {where: scope});
			if (batch.length === 0) batch.hashes = Buffer.allocUnsafe(rowsPerBatch * hashBytes);
			const from = at + numberBytes;
			const copied = rows.copy(batch.hashes, batch.length, from, numberBytes > 0 ? from + hashBytes : rows.length);
			at = from + copied;
			batch.length += copied;
			if (batch.length < batch.hashes.length) continue;
			yield {since: batch.since, hashes: batch.hashes};
			batch.length = 0;
		}
	}
	for (const {since, hashes, length} of batches) if (length > 0) yield {since, hashes: hashes.subarray(0, length)};
}

/** The executions that wrote the rows which came again. */
async function writersOf(session: Pick<SqlSession, 'rows'>, scope: string): Promise<readonly string[]> {
	const found = await session.rows<{since: string}>(`SELECT DISTINCT __since AS since FROM ${keptTable(`diff:${scope}`)}`);
	return found.map(({since}) => since);
}

/** The rows that a step did not end well. Unchanged rows come to it as skipped, and stay remembered. */
function unfinished(step: number): string {
	return `SELECT __row FROM ${keptTable(`load:${step}`)}
WHERE NOT ((__outcome IN ('created', 'updated') OR ifNull(__reason, '') = 'no change') AND empty(__warnings))
AND NOT startsWith(ifNull(__reason, ''), 'unchanged since ')`;
}

function rememberedSelect(
	scope: string,
	steps: readonly number[],
	earlier: readonly string[],
	compared: boolean,
	which: 'all' | 'new',
): string {
	// why not where nothing came again: a million rows would be joined with none
	const all = earlier.length > 0;
	const number = all ? `indexOf(CAST([${earlier.map(literal).join(', ')}] AS Array(String)), unchanged.__since)` : '0';
	const finished = steps.map((step) => `AND typed.__row NOT IN (${unfinished(step)})`).join('\n');
	const join = all ? `LEFT ANY JOIN ${keptTable(`diff:${scope}`)} AS unchanged ON typed.__row = unchanged.__row` : '';
	const among = compared && which === 'new' ? `WHERE typed.__row NOT IN (SELECT __row FROM ${keptTable(`diff:${scope}`)})` : '';
	// why one thread: two have to bring together what each has found, for a third more work
	return `SELECT ${earlier.length > 0 ? 'toUInt32(max(number)) AS number, ' : ''}hash
FROM (
	SELECT typed.__hash AS hash, ${number} AS number,
		number != 0 OR (typed.__state = 'ok' AND empty(typed.__problems) AND empty(typed.__notes)
		${finished}) AS remembered
	FROM ${keptTable(`variables:${scope}`)} AS typed
	${join}
	${among}
)
GROUP BY hash
HAVING min(remembered) = 1
SETTINGS max_threads = 1`;
}
