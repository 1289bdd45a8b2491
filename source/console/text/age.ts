/** How far an instant lies from `now`, in whole units: `just now`, `12 s ago`, `in 3 h`. Empty for null. */
export function ageText(at: string | null, now: number): string {
	if (at === null) return '';
	const ms = now - Date.parse(at);
	const size = Math.abs(ms);
	const text =
		size < 60_000
			? `${Math.floor(size / 1000)} s`
			: size < 3_600_000
				? `${Math.floor(size / 60_000)} min`
				: size < 86_400_000
					? `${Math.floor(size / 3_600_000)} h`
					: `${Math.floor(size / 86_400_000)} d`;
	if (size < 2000) return 'just now';
	return ms < 0 ? `in ${text}` : `${text} ago`;
}

/** A number in at most `width` cells: without its separators, or in millions, where it is too long with them. */
export function countIn(value: number | null | undefined, width: number): string {
	const text = count(value);
	if (text.length <= width || value === null || value === undefined) return text;
	const plain = String(value);
	return plain.length <= width ? plain : `${(value / 1e6).toFixed(1)} M`;
}

/** A number with thin separators: `41,882`; `-` for what is not known. */
export function count(value: number | null | undefined): string {
	return value === null || value === undefined ? '-' : value.toLocaleString('en-GB');
}
