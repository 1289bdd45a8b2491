const digits = /^-?\d+$/;

/** `JSON.stringify` that prints a bigint as the number it is, every digit kept. Node 20 has no `JSON.rawJSON`. */
export function toJson(value: unknown): string {
	const mark = '\uE000int:';
	let found = false;
	const text = JSON.stringify(value, (_key, member: unknown) => {
		if (typeof member !== 'bigint') return member;
		found = true;
		return `${mark}${member}`;
	});
	if (!found) return text;
	return text.replaceAll(/"\uE000int:(-?\d+)"/g, (whole, number: string) => (digits.test(number) ? number : whole));
}
