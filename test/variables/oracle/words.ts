const pairs: Readonly<Record<string, readonly [string, string]>> = {
	true_false: ['true', 'false'],
	yes_no: ['yes', 'no'],
	on_off: ['on', 'off'],
	one_zero: ['1', '0'],
	t_f: ['t', 'f'],
	checked_unchecked: ['checked', 'unchecked'],
};

const lowerAscii = (text: string) => [...text].map((c) => (c >= 'A' && c <= 'Z' ? c.toLowerCase() : c)).join('');

export function booleanOf(text: string, format: string | null): string | null {
	const [yes, no] = pairs[format ?? 'true_false'] ?? [];
	if (lowerAscii(text) === yes) return 'true';
	return lowerAscii(text) === no ? 'false' : null;
}

export function uuidOf(text: string): string | null {
	let rest = lowerAscii(text);
	const isDashed = () => rest.length === 36 && [8, 13, 18, 23].every((at) => rest[at] === '-');
	if (rest.startsWith('urn:uuid:')) {
		rest = rest.slice(9);
		if (!isDashed()) return null;
	} else if (rest.startsWith('{') && rest.endsWith('}')) {
		rest = rest.slice(1, -1);
		if (!isDashed()) return null;
	}
	if (isDashed()) rest = [0, 9, 14, 19, 24].map((start, group) => rest.slice(start, start + ([8, 4, 4, 4, 12][group] ?? 0))).join('');
	if (rest.length !== 32 || [...rest].some((digit) => !'0123456789abcdef'.includes(digit))) return null;
	return [rest.slice(0, 8), rest.slice(8, 12), rest.slice(12, 16), rest.slice(16, 20), rest.slice(20)].join('-');
}

const isLetter = (character: string) => /^[\p{L}\p{N}\p{M}]$/u.test(character);

export function emailOf(text: string): string | null {
	const sides = text.split('@');
	const [local = '', domain = ''] = sides;
	if (sides.length !== 2 || [...text].length > 254 || [...local].length > 64) return null;
	const atoms = local.split('.');
	if (atoms.some((atom) => atom === '' || [...atom].some((c) => !isLetter(c) && !"!#$%&'*+/=?^_`{|}~-".includes(c)))) return null;
	const labels = domain.split('.');
	if (labels.length < 2) return null;
	for (const label of labels) {
		if (label === '' || [...label].length > 63 || label.startsWith('-') || label.endsWith('-')) return null;
		if ([...label].some((c) => c !== '-' && !isLetter(c))) return null;
	}
	return text.toLowerCase();
}
