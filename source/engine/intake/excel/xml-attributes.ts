import {XmlError} from './xml-error.js';

const named: ReadonlyMap<string, string> = new Map([
	['amp', '&'],
	['lt', '<'],
	['gt', '>'],
	['quot', '"'],
	['apos', "'"],
]);

/** @throws XmlError for an entity that XML itself does not define */
export function unescapeXml(text: string): string {
	if (!text.includes('&')) return text;
	return text.replaceAll(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w{1,64}));/g, (whole, hex, decimal, name) => {
		const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal);
		const plain = name !== undefined ? named.get(name) : code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
		if (plain === undefined) throw new XmlError(`it uses ${whole}, which nothing defines`);
		return plain;
	});
}

/** The value of the attribute of that name, its prefix included, from the raw text of a tag. */
export function attribute(attributes: string, name: string): string | undefined {
	for (let at = 0; at < attributes.length; ) {
		const start = pastSpace(attributes, at);
		const equals = attributes.indexOf('=', start);
		if (equals < 0) return undefined;
		const open = pastSpace(attributes, equals + 1);
		const end = attributes.indexOf(attributes.charAt(open), open + 1);
		if (end < 0) return undefined;
		if (isNamed(attributes, start, equals, name)) return attributeText(attributes.slice(open + 1, end));
		at = end + 1;
	}
	return undefined;
}

/** All attributes of a tag, as `[name, value]`. */
export function allAttributes(attributes: string): readonly (readonly [string, string])[] {
	return [...attributes.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, name = '', double, single]) => [
		name,
		attributeText(double ?? single ?? ''),
	]);
}

/** White space that stands as it is in the value of an attribute is a space (XML 1.0, 3.3.3). */
function attributeText(raw: string): string {
	return unescapeXml(/[\t\n]/.test(raw) ? raw.replaceAll(/[\t\n]/g, ' ') : raw);
}

function pastSpace(text: string, start: number): number {
	let at = start;
	while (text.charCodeAt(at) <= 0x20) at++;
	return at;
}

function isNamed(attributes: string, start: number, equals: number, name: string): boolean {
	const end = start + name.length;
	if (end > equals || !attributes.startsWith(name, start)) return false;
	return pastSpace(attributes, end) === equals;
}

/** More elements around an element than this do not declare namespaces of their own. */
const mostDeclarations = 10_000;

/** The namespaces that are declared at a place of an XML text, by prefix; '' is the default one. */
export class Namespaces {
	/** That of the root. */
	private own = '';
	private readonly current = new Map<string, string>();
	/** What each element that declares any has hidden. */
	private readonly hidden: {readonly depth: number; readonly before: readonly (readonly [string, string | undefined])[]}[] = [];
	private plainIsOwn = true;
	/** The depth of the innermost element that declares any. */
	private innermost = -1;

	/** Says that the root has this prefix. */
	begin(prefix: string): void {
		this.own = this.of(prefix);
		this.plainIsOwn = this.of('') === this.own;
	}

	/** @param attributes of an element at `depth` */
	declare(attributes: string, depth: number): void {
		const before: [string, string | undefined][] = [];
		for (const [name, value] of allAttributes(attributes)) {
			const prefix = name === 'xmlns' ? '' : name.startsWith('xmlns:') ? name.slice('xmlns:'.length) : undefined;
			if (prefix === undefined) continue;
			before.push([prefix, this.current.get(prefix)]);
			this.current.set(prefix, value);
		}
		if (before.length > 0) {
			this.hidden.push({depth, before});
			this.innermost = depth;
		}
		if (this.hidden.length > mostDeclarations) throw new XmlError('its elements declare too many namespaces');
		this.plainIsOwn = this.of('') === this.own;
	}

	/** Forgets what an element at `depth` declared. */
	leave(depth: number): void {
		if (this.innermost < depth) return;
		const last = this.hidden.pop();
		this.innermost = this.hidden.at(-1)?.depth ?? -1;
		if (last === undefined) return;
		for (const [prefix, namespace] of last.before.toReversed()) {
			if (namespace === undefined) this.current.delete(prefix);
			else this.current.set(prefix, namespace);
		}
		this.plainIsOwn = this.of('') === this.own;
	}

	/** The namespace of a prefix; one that is not declared is its own. */
	of(prefix: string): string {
		return this.current.get(prefix) ?? prefix;
	}

	isOwn(prefix: string): boolean {
		return prefix === '' ? this.plainIsOwn : this.of(prefix) === this.own;
	}
}
