type Known = {readonly line: string; readonly untilMs: number; times: number};

/** How long a line is not written again. */
const quietMs = 60_000;
const mostKnown = 200;

const time = /"time":"[^"]*"/;

/**
 * Lines of a log of which only the first of a minute is written. The others are counted, and told as that line with `repeated` when the
 * minute is over: a client that fails a thousand times a second cannot fill a disk. Only the time may differ.
 */
export class RepeatedLines {
	readonly #known = new Map<string, Known>();

	/** What is to be written now for a line that came, the counts of minutes that are over included. */
	of(line: string, nowMs: number): string {
		const over = this.#over((known) => known.untilMs <= nowMs);
		const key = line.replace(time, '');
		const known = this.#known.get(key);
		if (known) {
			known.times++;
			return over;
		}
		this.#known.set(key, {line, untilMs: nowMs + quietMs, times: 0});
		const oldest = this.#known.size > mostKnown ? this.#known.keys().next().value : undefined;
		return over + (oldest === undefined ? '' : this.#over((_known, other) => other === oldest)) + line;
	}

	/** What has been counted and not been told. */
	rest(nowMs = Number.POSITIVE_INFINITY): string {
		return this.#over(({untilMs}) => untilMs <= nowMs);
	}

	/** Forgets lines, and tells how often they came. They are in the order of their first time. */
	#over(isOver: (known: Known, key: string) => boolean): string {
		let text = '';
		for (const [key, known] of this.#known) {
			if (!isOver(known, key)) break;
			this.#known.delete(key);
			if (known.times > 0) text += known.line.replace(/\}\n$/, `,"repeated":${known.times}}\n`);
		}
		return text;
	}
}
