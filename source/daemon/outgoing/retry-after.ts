/** `Retry-After` (RFC 9110, 10.2.3): seconds or a date; null where it says neither. */
export function retryAfterMs(header: string | readonly string[] | undefined, now: Date): number | null {
	const text = [header ?? []].flat()[0]?.trim() ?? '';
	if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
	const at = Date.parse(text);
	return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
