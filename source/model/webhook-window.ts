/** A window of time in which the requests of a webhook connector are gathered (SPEC 4). Unix seconds; the end is outside. */
export type WebhookWindow = {readonly startSeconds: number; readonly seconds: number};

/** The window that an instant lies in, aligned to the epoch. */
export function windowAt(nowMs: number, cadenceSeconds: number): WebhookWindow {
	return {startSeconds: Math.floor(nowMs / 1000 / cadenceSeconds) * cadenceSeconds, seconds: cadenceSeconds};
}

export function endSeconds({startSeconds, seconds}: WebhookWindow): number {
	return startSeconds + seconds;
}

/** What the input file of a window is called: it carries the window's start and end, so that a batch that is run again is still known. */
export function windowFileName(connector: string, window: WebhookWindow): string {
	return `${connector}_webhooks_${window.startSeconds}_${endSeconds(window)}.csv`;
}

/** The window whose requests a file holds, by its name; null for any other file. */
export function windowOfFile(name: string): WebhookWindow | null {
	const [, start, end] = /_webhooks_(\d{1,12})_(\d{1,12})\.csv$/.exec(name) ?? [];
	if (start === undefined || end === undefined || Number(end) <= Number(start)) return null;
	return {startSeconds: Number(start), seconds: Number(end) - Number(start)};
}
