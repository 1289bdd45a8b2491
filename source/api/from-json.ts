const tokens = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;
const mark = '\uE000int:';

/** `JSON.parse` that keeps every digit of an integer too large for a number: it becomes a bigint. The other half of `toJson`. */
export function fromJson(text: string): unknown {
	if (!/\d{16}/.test(text)) return JSON.parse(text);
	const marked = text.replaceAll(tokens, (token) => (token.startsWith('"') ? token : `"${mark}${token}"`));
	return JSON.parse(marked, (_key, member: unknown) =>
		typeof member === 'string' && member.startsWith(mark) ? integer(member.slice(mark.length)) : member,
	);
}

function integer(digits: string): number | bigint {
	const number = Number(digits);
	return Number.isSafeInteger(number) ? number : BigInt(digits);
}
