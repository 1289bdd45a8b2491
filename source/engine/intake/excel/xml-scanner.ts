import {maxRowBytes} from '../bounds.js';

/** Told of elements and text as they come. Names are without their prefix; `attributes` is the raw text between name and `>`. */
export type XmlHandler = {
	open(name: string, attributes: string): void;
	text(text: string): void;
	close(name: string): void;
};

/** XML that is not well formed, or uses what is refused. The message completes "<part> is damaged: ". */
export class XmlError extends Error {}

/**
 * Reads XML piece by piece. Knows the five entities of XML and character references alone: a document type is refused, so nothing can be
 * declared, fetched or multiplied (SPEC 17).
 */
export class XmlScanner {
	private rest = '';
	private depth = 0;

	constructor(private readonly handler: XmlHandler) {}

	/** @throws XmlError */
	write(piece: string): void {
		const xml = this.rest === '' ? piece : this.rest + piece;
		let at = 0;
		for (;;) {
			const open = xml.indexOf('<', at);
			if (open < 0) break;
			if (open > at && this.depth > 0) this.handler.text(unescapeXml(xml.slice(at, open)));
			const next = this.markup(xml, open);
			at = open;
			if (next < 0) break;
			at = next;
		}
		this.rest = at === 0 ? xml : xml.slice(at);
		if (this.rest.length > maxRowBytes) throw new XmlError('an element or text is longer than can be read');
	}

	/** @throws XmlError when elements are still open */
	end(): void {
		if (this.depth > 0 || this.rest.trim() !== '') throw new XmlError('it ends before its last element is closed');
	}

	/** Handles what begins at `open` and returns where it ends, or -1 when its end has not come yet. */
	private markup(xml: string, open: number): number {
		const second = xml.charCodeAt(open + 1);
		if (second === 0x21) return this.declaration(xml, open);
		if (second === 0x3f) return after(xml, '?>', open);
		if (second === 0x2f) {
			const end = xml.indexOf('>', open);
			if (end < 0) return -1;
			this.depth--;
			this.handler.close(localName(xml, open + 2, end));
			return end + 1;
		}
		return this.element(xml, open + 1);
	}

	private element(xml: string, start: number): number {
		let nameEnd = start;
		while (isNamePart(xml.charCodeAt(nameEnd))) nameEnd++;
		const end = xml.charCodeAt(nameEnd) === 0x3e ? nameEnd : tagEnd(xml, nameEnd);
		if (end < 0) return -1;
		const empty = xml.charCodeAt(end - 1) === 0x2f;
		const last = empty ? end - 1 : end;
		const name = localName(xml, start, nameEnd);
		this.handler.open(name, nameEnd < last ? xml.slice(nameEnd, last) : '');
		if (empty) this.handler.close(name);
		else this.depth++;
		return end + 1;
	}

	private declaration(xml: string, open: number): number {
		if (xml.startsWith('<!--', open)) return after(xml, '-->', open + 4);
		if (xml.startsWith('<![CDATA[', open)) {
			const end = xml.indexOf(']]>', open);
			if (end < 0) return -1;
			if (this.depth > 0) this.handler.text(xml.slice(open + 9, end));
			return end + 3;
		}
		if (xml.length - open < 9) return -1;
		throw new XmlError('it declares a document type, which is refused');
	}
}

function after(xml: string, mark: string, from: number): number {
	const at = xml.indexOf(mark, from);
	return at < 0 ? -1 : at + mark.length;
}

/** The `>` that ends a tag. One inside an attribute's quotes does not: what stands before it then ends in no quote, or in an opening one. */
function tagEnd(xml: string, open: number): number {
	let end = xml.indexOf('>', open);
	while (end >= 0) {
		let last = end - 1;
		if (xml.charCodeAt(last) === 0x2f) last--;
		while (xml.charCodeAt(last) <= 0x20) last--;
		const byte = xml.charCodeAt(last);
		const closes = (byte === 0x22 || byte === 0x27) && xml.charCodeAt(last - 1) !== 0x3d;
		if (closes || !xml.slice(open, end).includes('=')) return end;
		end = xml.indexOf('>', end + 1);
	}
	return -1;
}

/** Anything but white space, `/`, `>` and the end of the text. */
function isNamePart(code: number): boolean {
	return code > 0x20 && code !== 0x2f && code !== 0x3e;
}

/** Why a table: a sheet is made of elements of one letter, and cutting each out of the text costs more than all else. */
const letters = Array.from({length: 128}, (_, code) => String.fromCharCode(code));

/** The name that begins at `start`, without prefix and white space. */
function localName(xml: string, start: number, end: number): string {
	const letter = end - start === 1 ? letters[xml.charCodeAt(start)] : undefined;
	if (letter !== undefined) return letter;
	const name = xml.slice(start, end).trimEnd();
	const colon = name.indexOf(':');
	return colon < 0 ? name : name.slice(colon + 1);
}

const named: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'"};

/** @throws XmlError for an entity that XML itself does not define */
function unescapeXml(text: string): string {
	if (!text.includes('&')) return text;
	return text.replaceAll(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w+));/g, (whole, hex, decimal, name) => {
		const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal);
		const plain = name !== undefined ? named[name] : code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
		if (plain === undefined) throw new XmlError(`it uses ${whole}, which nothing defines`);
		return plain;
	});
}

/** The value of an attribute without prefix, from the raw text of a tag. */
export function attribute(attributes: string, name: string): string | undefined {
	for (let at = attributes.indexOf(name); at >= 0; at = attributes.indexOf(name, at + 1)) {
		const before = attributes.charCodeAt(at - 1);
		if (before > 0x20) continue;
		let from = at + name.length;
		while (attributes.charCodeAt(from) <= 0x20) from++;
		if (attributes[from] !== '=') continue;
		do from++;
		while (attributes.charCodeAt(from) <= 0x20);
		const end = attributes.indexOf(attributes[from] ?? '"', from + 1);
		if (end >= 0) return unescapeXml(attributes.slice(from + 1, end));
	}
	return undefined;
}
