/**
 * The lines of a text that arrives in pieces: those that end with LF, CRLF or CR. U+2028 and U+2029 are characters of a line, which Node's
 * `readline` takes for line ends.
 */
export async function* textLines(pieces: AsyncIterable<string>): AsyncGenerator<string> {
	let rest = '';
	for await (const piece of pieces) {
		const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
		rest = lines.pop() ?? '';
		yield* lines;
	}
	if (rest !== '') yield rest.replace(/\r$/, '');
}
