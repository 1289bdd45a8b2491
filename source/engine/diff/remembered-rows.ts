import {SluiceError} from '../../model/errors.js';
import type {ByteSession, SqlSession} from '../../model/sql-session.js';
import {keptTable} from '../../model/sql-text.js';
import type {RememberedRows} from '../../store/record-store.js';

const hashBytes = 16;

/** Hashes that are handed on together: each batch is a write of its own. */
const rowsPerBatch = 50_000;
/** The initial size of a batch. A connector of some years has thousands of executions whose rows came again, most of them few. */
const firstRows = 64;

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
	const batches = [execution, ...earlier].map((since) => new Batch(since));
	// a row is the place of who wrote it in that list, where it has more than one, then its hash
	const numberBytes = earlier.length > 0 ? 4 : 0;
	for await (const rows of session.bytes(rememberedSelect(scope, steps, earlier.length > 0, compared && which === 'new'))) {
		for (let at = 0; at < rows.length; ) {
			const batch = batches[numberBytes > 0 ? rows.readUInt32LE(at) : 0];
			if (!batch) throw new SluiceError('internal', 'A remembered row is of nobody.', {where: scope});
			const from = at + numberBytes;
			at = from + batch.add(rows, from, numberBytes > 0 ? from + hashBytes : rows.length);
			if (batch.isFull) yield batch.take();
		}
	}
	for (const batch of batches) if (!batch.isEmpty) yield batch.take();
}

/** The hashes of one execution's rows, as they come together. */
class Batch {
	readonly #since: string;
	#hashes = Buffer.alloc(0);
	#length = 0;

	constructor(since: string) {
		this.#since = since;
	}

	get isEmpty(): boolean {
		return this.#length === 0;
	}

	get isFull(): boolean {
		return this.#length === rowsPerBatch * hashBytes;
	}

	/** @returns how many bytes it took; fewer than given when they do not fit */
	add(bytes: Buffer, from: number, to: number): number {
		const wanted = this.#length + to - from;
		if (wanted > this.#hashes.length) this.#grow(wanted);
		const added = bytes.copy(this.#hashes, this.#length, from, to);
		this.#length += added;
		return added;
	}

	/** Returns what it holds and empties it. */
	take(): RememberedRows {
		const hashes = this.#hashes.subarray(0, this.#length);
		this.#hashes = Buffer.alloc(0);
		this.#length = 0;
		return {since: this.#since, hashes};
	}

	#grow(wanted: number): void {
		const size = Math.min(Math.max(wanted, 2 * this.#hashes.length, firstRows * hashBytes), rowsPerBatch * hashBytes);
		if (size === this.#hashes.length) return;
		const larger = Buffer.allocUnsafe(size);
		this.#hashes.copy(larger, 0, 0, this.#length);
		this.#hashes = larger;
	}
}

/** The executions that wrote the rows which came again, in the order in which `rememberedSelect` numbers them. */
async function writersOf(session: Pick<SqlSession, 'rows'>, scope: string): Promise<readonly string[]> {
	const found = await session.rows<{since: string}>(`SELECT DISTINCT __since AS since FROM ${keptTable(`diff:${scope}`)} ORDER BY since`);
	return found.map(({since}) => since);
}

/** The rows that a step did not end well. Unchanged rows come to it as skipped, and stay remembered. */
function unfinished(step: number): string {
	return `SELECT __row FROM ${keptTable(`load:${step}`)}
WHERE NOT ((__outcome IN ('created', 'updated') OR ifNull(__reason, '') = 'no change') AND empty(__warnings))
AND NOT startsWith(ifNull(__reason, ''), 'unchanged since ')`;
}

/**
 * @param cameAgain whether any row did; without one, the join is left out
 * @param leaveOut those that came again
 */
function rememberedSelect(scope: string, steps: readonly number[], cameAgain: boolean, leaveOut: boolean): string {
	const diff = keptTable(`diff:${scope}`);
	// looked up by the engine instead of listed in the statement: there may be thousands
	const number = cameAgain ? 'transform(unchanged.__since, writers, arrayEnumerate(writers), 0)' : '0';
	const writers = cameAgain ? `WITH (SELECT arraySort(groupUniqArray(__since)) FROM ${diff}) AS writers\n` : '';
	const finished = steps.map((step) => `AND typed.__row NOT IN (${unfinished(step)})`).join('\n');
	const join = cameAgain ? `LEFT ANY JOIN ${diff} AS unchanged ON typed.__row = unchanged.__row` : '';
	const among = leaveOut ? `WHERE typed.__row NOT IN (SELECT __row FROM ${diff})` : '';
	// why one thread: two have to bring together what each has found, for a third more work
	return `${writers}SELECT ${cameAgain ? 'toUInt32(max(number)) AS number, ' : ''}hash
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
