import {maxRowBytes, maxTagCharacters} from '../bounds.js';

/** Told of elements and text as they come. Names are without their prefix; `attributes` is the raw text between name and `>`. */
export type XmlHandler = {
	open(name: string, attributes: string): void;
	text(text: string): void;
	close(name: string): void;
};

/** XML that is not well formed, or uses what is refused. The message completes "<part> is damaged: ". */
export class XmlError extends Error {}

/** Where a piece ended: between or within tags, or inside what is passed over or taken as text up to a mark. */
type Within = 'content' | 'comment' | 'instruction' | 'cdata';

const ends: Readonly<Record<Exclude<Within, 'content'>, string>> = {comment: '-->', instruction: '?>', cdata: ']]>'};

/** Characters that a piece may end with and that may begin an entity. */
const longestEntity = 16;

/**
 * Reads XML piece by piece, in time that grows with its length alone: text is handed on as it comes, and only an unfinished tag is looked at
 * again. Knows the five entities of XML and character references alone: a document type is refused, so nothing can be declared, fetched or
 * multiplied (SPEC 17).
 */
export class XmlScanner {
	private rest = '';
	private depth = 0;
	private within: Within = 'content';
	/** Of the text since the last tag. */
	private textLength = 0;
	/** Text outside of every element, which must not be the last. */
	private stray = false;

	constructor(private readonly handler: XmlHandler) {}

	/** @throws XmlError */
	write(piece: string): void {
		const xml = this.rest === '' ? piece : this.rest + piece;
		let at = 0;
		for (;;) {
			if (this.within !== 'content') {
				at = this.passOver(xml, at, this.within);
				if (this.isWithinMarks) break;
			}
			const open = xml.indexOf('<', at);
			if (open < 0) {
				at = this.openText(xml, at);
				break;
			}
			if (open > at) this.text(unescapeXml(xml.slice(at, open)));
			const next = this.markup(xml, open);
			at = open;
			if (next < 0) break;
			at = next;
		}
		this.rest = at === 0 ? xml : xml.slice(at);
		if (this.rest.length > maxTagCharacters) throw new XmlError('a tag is longer than can be read');
	}

	/** @throws XmlError when elements are still open */
	end(): void {
		const unread = this.within !== 'content' || this.stray || this.rest.trim() !== '';
		if (this.depth > 0 || unread) throw new XmlError('it ends before its last element is closed');
	}

	private get isWithinMarks(): boolean {
		return this.within !== 'content';
	}

	/** The end of a piece that is text: handed on but for what may be half an entity. Returns where the rest begins. */
	private openText(xml: string, start: number): number {
		const ampersand = xml.lastIndexOf('&');
		const cut = ampersand >= Math.max(start, xml.length - longestEntity) && !xml.includes(';', ampersand) ? ampersand : xml.length;
		if (cut > start) this.text(unescapeXml(xml.slice(start, cut)));
		return cut;
	}

	private text(text: string): void {
		if (this.depth === 0) {
			this.stray ||= text.trim() !== '';
			return;
		}
		this.textLength += text.length;
		if (this.textLength > maxRowBytes) throw new XmlError('an element or text is longer than can be read');
		this.handler.text(text);
	}

	/** Goes on to the end of a comment, an instruction or a CDATA section, of which only the last is text. Returns where it has come to. */
	private passOver(xml: string, start: number, within: Exclude<Within, 'content'>): number {
		const mark = ends[within];
		const end = xml.indexOf(mark, start);
		const upTo = end >= 0 ? end : Math.max(start, xml.length - mark.length + 1);
		if (within === 'cdata' && upTo > start) this.text(xml.slice(start, upTo));
		if (end < 0) return upTo;
		this.within = 'content';
		return end + mark.length;
	}

	/** Handles what begins at `open` and returns where it ends, or -1 when its end has not come yet. */
	private markup(xml: string, open: number): number {
		const second = xml.charCodeAt(open + 1);
		if (second === 0x21) return this.declaration(xml, open);
		if (second === 0x3f) return this.begin('instruction', xml, open + 2);
		this.stray = false;
		this.textLength = 0;
		if (second === 0x2f) {
			const end = xml.indexOf('>', open);
			if (end < 0) return -1;
			this.depth--;
			this.handler.close(localName(xml, open + 2, end));
			return end + 1;
		}
		return this.element(xml, open + 1);
	}

	private begin(within: Exclude<Within, 'content'>, xml: string, start: number): number {
		this.within = within;
		return this.passOver(xml, start, within);
	}

	private element(xml: string, start: number): number {
		let nameEnd = start;
		while (isNamePart(xml.charCodeAt(nameEnd))) nameEnd++;
		const end = xml.charCodeAt(nameEnd) === 0x3e ? nameEnd : tagEnd(xml, nameEnd);
		if (end < 0) return -1;
		if (end - start > maxTagCharacters) throw new XmlError('a tag is longer than can be read');
		const empty = xml.charCodeAt(end - 1) === 0x2f;
		const last = empty ? end - 1 : end;
		const name = localName(xml, start, nameEnd);
		this.handler.open(name, nameEnd < last ? xml.slice(nameEnd, last) : '');
		if (empty) this.handler.close(name);
		else this.depth++;
		return end + 1;
	}

	private declaration(xml: string, open: number): number {
		if (xml.startsWith('<!--', open)) return this.begin('comment', xml, open + 4);
		if (xml.startsWith('<![CDATA[', open)) return this.begin('cdata', xml, open + 9);
		if (xml.length - open < 9) return -1;
		throw new XmlError('it declares a document type, which is refused');
	}
}

/**
 * The `>` that ends a tag. Mostly the first one, right behind a closing quote; where it is not, quotes are followed one by one, so that a `>`
 * between them is text.
 */
function tagEnd(xml: string, open: number): number {
	const first = xml.indexOf('>', open);
	if (first < 0) return -1;
	let last = first - 1;
	if (xml.charCodeAt(last) === 0x2f) last--;
	while (xml.charCodeAt(last) <= 0x20) last--;
	const byte = xml.charCodeAt(last);
	if ((byte === 0x22 || byte === 0x27) && xml.charCodeAt(last - 1) !== 0x3d) return first;
	for (let at = open; at < xml.length; at++) {
		const code = xml.charCodeAt(at);
		if (code === 0x3e) return at;
		if (code !== 0x22 && code !== 0x27) continue;
		at = xml.indexOf(xml.charAt(at), at + 1);
		if (at < 0) return -1;
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

const named: ReadonlyMap<string, string> = new Map([
	['amp', '&'],
	['lt', '<'],
	['gt', '>'],
	['quot', '"'],
	['apos', "'"],
]);

/** @throws XmlError for an entity that XML itself does not define */
function unescapeXml(text: string): string {
	if (!text.includes('&')) return text;
	return text.replaceAll(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w{1,64}));/g, (whole, hex, decimal, name) => {
		const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal);
		const plain = name !== undefined ? named.get(name) : code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
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
		const quote = attributes.charAt(from);
		if (quote !== '"' && quote !== "'") continue;
		const end = attributes.indexOf(quote, from + 1);
		if (end >= 0) return unescapeXml(attributes.slice(from + 1, end));
	}
	return undefined;
}
