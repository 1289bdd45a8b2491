import {SluiceError} from '../../model/errors.js';

/** How a wall time stands in its zone: it happens once, never (the clocks skip it), or twice. */
export type WallTimeKind = 'once' | 'gap' | 'fold';

/** A stretch of one day, from `start` seconds after midnight, whose wall times all have one offset, in seconds ahead of UTC. */
export type DayPiece = {readonly start: number; readonly offset: number; readonly kind: WallTimeKind};

const daySeconds = 86_400;
const sampleSeconds = daySeconds / 2;

/** A time zone by its rules, for every day of years 1 to 9999; the platform's own tables through `Intl`. */
export class Zone {
	readonly #format: Intl.DateTimeFormat;
	readonly #samples = new Map<number, number>();

	/** @throws SluiceError `variables.unknown_timezone` */
	constructor(readonly name: string) {
		try {
			this.#format = new Intl.DateTimeFormat('en-US', {
				timeZone: name,
				calendar: 'gregory',
				numberingSystem: 'latn',
				hourCycle: 'h23',
				era: 'short',
				year: 'numeric',
				month: 'numeric',
				day: 'numeric',
				hour: 'numeric',
				minute: 'numeric',
				second: 'numeric',
			});
		} catch (error) {
			throw new SluiceError('variables.unknown_timezone', `There is no time zone "${name}"`, {
				where: 'sluice.yaml, timezone',
				cause: error,
			});
		}
	}

	/** Whether every wall time is its own instant, so that nothing needs to be looked up. */
	get isUtc(): boolean {
		return this.#format.resolvedOptions().timeZone === 'UTC';
	}

	/** Seconds ahead of UTC at an instant, in whole seconds since 1970. Local mean times of old have odd seconds. */
	offsetAt(instant: number): number {
		const parts: Record<string, number> = {};
		let beforeChrist = false;
		for (const {type, value} of this.#format.formatToParts(instant * 1000)) {
			if (type === 'era') beforeChrist = value.startsWith('B');
			else if (type !== 'literal') parts[type] = Number(value);
		}
		const {year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0} = parts;
		const wall = new Date(0);
		wall.setUTCFullYear(beforeChrist ? 1 - year : year, month - 1, day);
		wall.setUTCHours(hour, minute, second);
		return wall.getTime() / 1000 - instant;
	}

	/**
	 * A day cut into pieces, so that the offset of any wall time in it is one comparison away. Nearly every day is one piece.
	 * A time the clocks skip, or show twice, takes the offset that held before: the earlier offset of SPEC 3.
	 *
	 * @param day days since 1970-01-01
	 */
	pieces(day: number): readonly DayPiece[] {
		const midnight = day * daySeconds;
		const stretches = this.#stretches(midnight - daySeconds, midnight + 2 * daySeconds);
		const edges = stretches.flatMap(({from, to, offset}) => [from + offset - midnight, to + offset - midnight]);
		const starts = [0, ...new Set(edges.filter((edge) => edge > 0 && edge < daySeconds))].sort((a, b) => a - b);
		const pieces: DayPiece[] = [];
		for (const start of starts) {
			const wall = midnight + start;
			const holding = stretches.filter(({from, to, offset}) => from + offset <= wall && wall < to + offset);
			const before = stretches.findLast(({to, offset}) => to + offset <= wall);
			const offset = (holding[0] ?? before)?.offset ?? 0;
			const kind = holding.length === 1 ? 'once' : holding.length === 0 ? 'gap' : 'fold';
			const last = pieces.at(-1);
			if (last?.offset !== offset || last.kind !== kind) pieces.push({start, offset, kind});
		}
		return pieces;
	}

	/** The instant of `YYYY-MM-DDTHH:mm:ss.SSS` in this zone, and how the wall time stands; null where it leaves years 1 to 9999. */
	resolve(wall: string): {readonly value: string | null; readonly kind: WallTimeKind} {
		const wallMs = Date.parse(`${wall}Z`);
		const day = Math.floor(wallMs / 1000 / daySeconds);
		const seconds = wallMs / 1000 - day * daySeconds;
		const {offset, kind} = this.pieces(day).findLast(({start}) => start <= seconds) ?? {offset: 0, kind: 'once'};
		const instant = new Date(wallMs - offset * 1000);
		const year = instant.getUTCFullYear();
		return {value: year >= 1 && year <= 9999 ? instant.toISOString() : null, kind};
	}

	/** An instant as the clocks of this zone show it: `2024-07-01T12:00:00.000+02:00`. */
	wallText(instantMs: number): string {
		const offset = this.offsetAt(Math.floor(instantMs / 1000));
		const minutes = Math.trunc(Math.abs(offset) / 60);
		const wall = new Date(instantMs + offset * 1000).toISOString().slice(0, -1);
		const pad = (value: number) => String(value).padStart(2, '0');
		return `${wall}${offset < 0 ? '-' : '+'}${pad(Math.trunc(minutes / 60))}:${pad(minutes % 60)}`;
	}

	/** The stretches of constant offset between two instants. Offsets are compared every half day, which no zone has changed twice in. */
	#stretches(from: number, to: number): readonly {from: number; to: number; offset: number}[] {
		const stretches: {from: number; to: number; offset: number}[] = [];
		let begin = from;
		for (let instant = from; instant < to; instant += sampleSeconds) {
			const offset = this.#sample(instant);
			if (this.#sample(instant + sampleSeconds) === offset) continue;
			const change = this.#changeBetween(instant, instant + sampleSeconds, offset);
			stretches.push({from: begin, to: change, offset});
			begin = change;
		}
		return [...stretches, {from: begin, to, offset: this.#sample(to)}];
	}

	#changeBetween(from: number, to: number, offset: number): number {
		let [low, high] = [from, to];
		while (high - low > 1) {
			const middle = Math.floor((low + high) / 2);
			if (this.offsetAt(middle) === offset) low = middle;
			else high = middle;
		}
		return high;
	}

	#sample(instant: number): number {
		const known = this.#samples.get(instant);
		if (known !== undefined) return known;
		const offset = this.offsetAt(instant);
		this.#samples.set(instant, offset);
		return offset;
	}
}
