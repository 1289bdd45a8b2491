/** How long something took or has been: `850 ms`, `4.2 s`, `2 min 10 s`, `3 h 05 min`, `2 d 4 h`. Parts are cut, never rounded up to 60. */
export function durationText(ms: number): string {
	if (ms < 1000) return `${Math.max(0, Math.floor(ms))} ms`;
	if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
	if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ${String(Math.floor((ms % 60_000) / 1000)).padStart(2, '0')} s`;
	if (ms < 86_400_000) return `${Math.floor(ms / 3_600_000)} h ${String(Math.floor((ms % 3_600_000) / 60_000)).padStart(2, '0')} min`;
	return `${Math.floor(ms / 86_400_000)} d ${Math.floor((ms % 86_400_000) / 3_600_000)} h`;
}

/** An execution or a stage of one. */
export type Timed = {readonly started_at: string | null; readonly ended_at: string | null; readonly took_ms?: number | null};

/**
 * How long it worked, in milliseconds: as its runners measured it, without the time in which it waited to go on; while it runs, and where
 * nothing was measured, by the wall clock, and never less than nothing. Null before its start.
 *
 * @param running whether it works at this moment
 * @param now in milliseconds since 1970
 */
export function workedMs({started_at: from, ended_at: to, took_ms: took}: Timed, running: boolean, now: number): number | null {
	if (from === null) return null;
	if (!running && typeof took === 'number') return took;
	return Math.max(0, (to === null ? now : Date.parse(to)) - Date.parse(from));
}

/** The same as text; empty before its start. */
export function tookText(timed: Timed, running: boolean, now: number): string {
	const ms = workedMs(timed, running, now);
	return ms === null ? '' : durationText(ms);
}
