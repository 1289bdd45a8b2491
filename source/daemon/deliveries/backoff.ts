const pausesSeconds = [5, 30, 120, 600, 1_800, 3_600] as const;
const dayMs = 24 * 3_600_000;

/** When a delivery that failed is tried again: later each time, for a day; null when the day is over (SPEC 12). */
export function retryAt(attempts: number, createdAt: string, now: Date): string | null {
	const pause = pausesSeconds[Math.min(attempts, pausesSeconds.length - 1)] ?? 3_600;
	const at = now.getTime() + pause * 1000;
	return at - Date.parse(createdAt) > dayMs ? null : new Date(at).toISOString();
}
