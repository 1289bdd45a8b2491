import {endSeconds, type WebhookWindow, windowAt} from '../../model/webhook-window.js';

/**
 * The window that a request of this instant belongs to (SPEC 4).
 *
 * @param closedUntil the end of the connector's last closed window, in Unix seconds: a clock that is set back a little does not open that
 * window again, its requests go to the next one. One that is set back further is believed.
 */
export function windowFor(nowMs: number, cadenceSeconds: number, closedUntil: number | null): WebhookWindow {
	const now = windowAt(nowMs, cadenceSeconds);
	if (closedUntil === null || endSeconds(now) > closedUntil) return now;
	const next = windowAt(closedUntil * 1000, cadenceSeconds);
	return next.startSeconds > now.startSeconds + 2 * cadenceSeconds ? now : next;
}

/** Whether a window takes no more requests: it has ended, or a clock that was set back has left it in the future. */
export function isDue(window: WebhookWindow, nowMs: number): boolean {
	const now = nowMs / 1000;
	return endSeconds(window) <= now || window.startSeconds > now + 2 * window.seconds;
}
