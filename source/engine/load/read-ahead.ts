import type {RowRange} from './step-select.js';

/** Asks for the next member while the last one is being worked on, so that decoding and storing overlap. At most one is held ahead. */
export async function* oneAhead<Member>(members: AsyncIterable<Member>): AsyncGenerator<Member> {
	for await (const {member} of withNext(members)) yield member;
}

/** Each member with the one behind it, which is asked for while this one is being worked on; null behind the last. */
export async function* withNext<Member>(
	members: AsyncIterable<Member>,
): AsyncGenerator<{readonly member: Member; readonly next: Promise<Member | null>}> {
	const iterator = members[Symbol.asyncIterator]();
	let asked = ask(iterator);
	try {
		for (;;) {
			const {done, value} = await asked;
			if (done) return;
			asked = ask(iterator);
			// why none where it fails: whoever asks for the next member is told
			const next = asked.then(
				(found) => (found.done ? null : found.value),
				() => null,
			);
			yield {member: value, next};
		}
	} finally {
		await asked.catch(() => undefined);
		await iterator.return?.();
	}
}

/**
 * The rows of ranges, one range after the other. A range is asked for as soon as rows of the one before it arrive: the engine takes a
 * moment to begin (a tenth of a second, at each 200,000 rows), in which nothing could be written.
 */
export class RangesAhead<Member> {
	readonly #open: (range: RowRange) => AsyncIterable<Member>;
	#next: {readonly range: RowRange; readonly members: AsyncIterableIterator<Member>} | null = null;

	constructor(open: (range: RowRange) => AsyncIterable<Member>) {
		this.#open = open;
	}

	/** @param then the range that comes next, if any; it may turn out to be another */
	async *rows(range: RowRange, then: RowRange | null): AsyncGenerator<Member> {
		for await (const member of oneAhead(await this.#take(range))) {
			if (then && !this.#next) this.#next = {range: then, members: begun(this.#open(then))};
			yield member;
		}
	}

	/** Stops what was asked for and is not wanted any more. */
	async drop(): Promise<void> {
		const dropped = this.#next;
		this.#next = null;
		await dropped?.members.return?.();
	}

	async #take(range: RowRange): Promise<AsyncIterable<Member>> {
		const next = this.#next;
		if (next?.range.afterRow !== range.afterRow || next.range.upToRow !== range.upToRow) {
			await this.drop();
			return this.#open(range);
		}
		this.#next = null;
		return next.members;
	}
}

/** Asks for the first member at once, before anybody iterates. */
function begun<Member>(members: AsyncIterable<Member>): AsyncIterableIterator<Member> {
	const iterator = members[Symbol.asyncIterator]();
	let first: Promise<IteratorResult<Member>> | null = ask(iterator);
	return {
		[Symbol.asyncIterator]() {
			return this;
		},
		next() {
			const asked = first ?? iterator.next();
			first = null;
			return asked;
		},
		async return() {
			await first?.catch(() => undefined);
			await iterator.return?.();
			return {done: true, value: undefined};
		},
	};
}

function ask<Member>(iterator: AsyncIterator<Member>): Promise<IteratorResult<Member>> {
	const answer = iterator.next();
	// Why: it may fail before anybody waits for it; whoever then waits is told all the same.
	answer.catch(() => undefined);
	return answer;
}
