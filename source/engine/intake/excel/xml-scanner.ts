import {maxRowBytes, maxTagCharacters} from '../bounds.js';
import {Namespaces, unescapeXml} from './xml-attributes.js';
import {XmlError} from './xml-error.js';

/**
 * Told of the elements in the namespace of the root, and of their text, as they come. An element of another namespace, such as an extension,
 * is left out with all that it holds. Names are without their prefix; `attributes` is the raw text between name and `>`; `depth` is the number
 * of elements around, 0 for the root.
 */
export type XmlHandler = {
	open(name: string, attributes: string, depth: number, namespaces: Namespaces): void;
	text(text: string): void;
	close(name: string, depth: number): void;
};

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
	/** The last piece ended with a CR, which may have its LF to come. */
	private carriageReturn = false;
	/** Whether the piece may declare namespaces. */
	private declares = false;
	private readonly namespaces = new Namespaces();
	/** The depth of the element of another namespace that is left out; -1 outside of one. */
	private foreign = -1;

	constructor(private readonly handler: XmlHandler) {}

	/** @throws XmlError */
	write(piece: string): void {
		const text = this.withLineFeeds(piece);
		const xml = this.rest === '' ? text : this.rest + text;
		this.declares = xml.includes('xmlns');
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

	/** Every line end is one LF before anything else is read (XML 1.0, 2.11). */
	private withLineFeeds(piece: string): string {
		if (!this.carriageReturn && !piece.includes('\r')) return piece;
		const whole = this.carriageReturn ? `\r${piece}` : piece;
		this.carriageReturn = whole.endsWith('\r');
		return (this.carriageReturn ? whole.slice(0, -1) : whole).replaceAll(/\r\n?/g, '\n');
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
		if (this.foreign < 0) this.handler.text(text);
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
			this.close(xml, open + 2, end);
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
		this.open(xml, start, nameEnd, last);
		this.depth++;
		if (empty) this.close(xml, start, nameEnd);
		return end + 1;
	}

	private open(xml: string, start: number, nameEnd: number, end: number): void {
		if (this.foreign >= 0) return;
		const {namespaces, depth} = this;
		const attributes = nameEnd < end ? xml.slice(nameEnd, end) : '';
		if (this.declares && attributes.includes('xmlns')) namespaces.declare(attributes, depth);
		const colon = nameEnd - start < 3 ? -1 : colonIn(xml, start, nameEnd);
		const prefix = colon < 0 ? '' : xml.slice(start, colon);
		if (depth === 0) namespaces.begin(prefix);
		if (namespaces.isOwn(prefix)) this.handler.open(localName(xml, start, nameEnd), attributes, depth, namespaces);
		else this.foreign = depth;
	}

	private close(xml: string, start: number, end: number): void {
		const depth = --this.depth;
		if (this.foreign < 0) this.handler.close(localName(xml, start, end), depth);
		else if (depth <= this.foreign) this.foreign = -1;
		this.namespaces.leave(depth);
	}

	private declaration(xml: string, open: number): number {
		if (xml.startsWith('<!--', open)) return this.begin('comment', xml, open + 4);
		if (xml.startsWith('<![CDATA[', open)) return this.begin('cdata', xml, open + 9);
		if (xml.length - open < 9) return -1;
		throw new XmlError('it declares a document type, which is refused');
	}
}

/** The `>` that ends a tag: one between quotes is text. -1 when it has not come yet. */
function tagEnd(xml: string, open: number): number {
	for (let at = open; at < xml.length; at++) {
		const code = xml.charCodeAt(at);
		if (code === 0x3e) return at;
		if (code !== 0x22 && code !== 0x27) continue;
		do at++;
		while (at < xml.length && xml.charCodeAt(at) !== code);
	}
	return -1;
}

function colonIn(xml: string, start: number, end: number): number {
	for (let at = start; at < end; at++) if (xml.charCodeAt(at) === 0x3a) return at;
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
