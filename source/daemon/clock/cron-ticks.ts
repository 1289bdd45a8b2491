import {CronExpressionParser} from 'cron-parser';
import {cronFields} from '../../model/cron.js';
import {instantsOf, offsetAt} from '../../model/time-zone.js';

/** No wall clock is set forward or back by more than this. */
const mostSetMs = 3 * 3_600_000;

/**
 * The wall time after which ticks are looked for. Near a change of the clocks that is as far back as they are set: a wall time of before may
 * be shown again, or be made up for. At other times nothing before `from` can come, and no step is wasted: with seconds, an hour has 3,600.
 */
export function wallStart(from: number, timeZone: string): number {
	const set = Math.abs(offsetAt(from + mostSetMs, timeZone) - offsetAt(from - mostSetMs, timeZone));
	return from + offsetAt(from, timeZone) - set;
}

/**
 * The ticks of a cron expression after `from`, one a call, in milliseconds since 1970; null when there are none (any more).
 *
 * Daylight saving as Vixie cron has it, and so most cron users: a time that clocks are set forward over runs once, at the moment they are set;
 * one that they are set back over runs the first time alone. An expression of every hour follows real time instead: it leaves out the
 * hour that does not exist, and runs in both that have the same name.
 *
 * Why the library sees wall times as UTC: with a time zone of its own, cron-parser 5.10 loses what falls into a gap of half an hour
 * (Australia/Lord_Howe), and gives up in the middle of some others. docs/decisions/0005-daylight-saving.md
 */
export function cronTicks(cron: string, timeZone: string, from: number): () => number | null {
	const walls = CronExpressionParser.parse(cronFields(cron), {currentDate: new Date(wallStart(from, timeZone)), tz: 'UTC'});
	const everyHour = walls.fields.hour.values.length === 24;
	const nextWall = (): number | null => {
		try {
			return walls.next().getTime();
		} catch {
			// It names no day that is still to come.
			return null;
		}
	};
	let last = from;
	let coming: number[] = [];
	let ahead = nextWall();
	return () => {
		for (;;) {
			const soonest = coming[0];
			const look = ahead === null ? null : instantsOf(ahead, timeZone);
			const first = look === null ? null : (look.shown[0] ?? look.skippedAt);
			// why compared: between the two runs of one wall time lie the first ones of those after it.
			if (soonest !== undefined && (first === null || soonest <= first)) {
				coming = coming.slice(1);
				if (soonest <= last) continue;
				last = soonest;
				return soonest;
			}
			if (look === null) return null;
			const {shown, skippedAt} = look;
			if (everyHour) coming = [...coming, ...shown].sort((a, b) => a - b);
			else if (first !== null) coming = [...coming, shown[0] ?? skippedAt ?? first].sort((a, b) => a - b);
			ahead = nextWall();
		}
	};
}
