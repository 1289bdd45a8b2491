/** A bar of exactly `width` cells; `part` from 0 to 1. */
export function progressBar(part: number, width: number, unicode: boolean): string {
	const full = Math.max(0, Math.min(width, Math.round(part * width)));
	return (unicode ? '█' : '#').repeat(full) + (unicode ? '░' : '.').repeat(width - full);
}
