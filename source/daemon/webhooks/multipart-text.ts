/** `guessed`: it names no charset and is not UTF-8, so it was read as Windows-1252. */
export type BodyText = {readonly text: string; readonly guessed: boolean};

/**
 * A multipart body with binary files as text: of such a file its head is kept, with its size as `Content-Length`, and no content (SPEC 25).
 * Everything else stays as it was sent.
 *
 * @param undeclared reads what names no charset, or throws
 * @returns null for what is no multipart body
 */
export function textOfMultipart(body: Buffer, contentType: string | undefined, undeclared: (part: Buffer) => BodyText): BodyText | null {
	const [, quoted, bare] = /^multipart\/[^;]*;(?:.*;)?\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType ?? '') ?? [];
	const boundary = quoted ?? bare;
	if (boundary === undefined) return null;
	const pieces = split(body, Buffer.from(`--${boundary}`));
	if (pieces.length < 2) return null;
	let guessed = false;
	const texts = pieces.map((piece) => {
		const part = partText(piece, undeclared);
		guessed ||= part.guessed;
		return part.text;
	});
	return {text: texts.join(`--${boundary}`), guessed};
}

/** What is between two boundaries: line end, head, blank line, content, line end. */
function partText(piece: Buffer, undeclared: (part: Buffer) => BodyText): BodyText {
	const blank = piece.indexOf('\r\n\r\n');
	if (blank < 0) return undeclared(piece);
	const head = undeclared(piece.subarray(0, blank));
	const content = piece.subarray(blank + 4, piece.length - 2);
	if (!/;\s*filename\*?=/i.test(head.text) || isText(content)) {
		const text = undeclared(piece.subarray(blank));
		return {text: head.text + text.text, guessed: head.guessed || text.guessed};
	}
	const others = head.text.replace(/\r\ncontent-length:[^\r]*/gi, '');
	return {text: `${others}\r\nContent-Length: ${content.length}\r\n\r\n\r\n`, guessed: head.guessed};
}

function isText(content: Buffer): boolean {
	try {
		new TextDecoder('utf-8', {fatal: true}).decode(content);
		return true;
	} catch {
		return false;
	}
}

function split(body: Buffer, mark: Buffer): readonly Buffer[] {
	const pieces: Buffer[] = [];
	let from = 0;
	for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, from)) {
		pieces.push(body.subarray(from, at));
		from = at + mark.length;
	}
	return [...pieces, body.subarray(from)];
}
