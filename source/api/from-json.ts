const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const longInteger = /^-?\d{16,}$/;
const marked = /^\uE000int:(-?\d+)$/;

/** `JSON.parse` that keeps every digit of an integer too large for a number: it becomes a bigint. The other half of `toJson`. */
export function fromJson(text: string): unknown {
	if (!/\d{16}/.test(text)) return JSON.parse(text);
	const safe = text.replaceAll(tokens, (token) => (longInteger.test(token) ? `"\uE000int:${token}"` : token));
	return JSON.parse(safe, (_key, member: unknown) => {
		const digits = typeof member === 'string' ? marked.exec(member)?.[1] : undefined;
		return digits === undefined ? member : integer(digits);
	});
}

function integer(digits: string): number | bigint {
	const number = Number(digits);
	return Number.isSafeInteger(number) ? number : BigInt(digits);
}
