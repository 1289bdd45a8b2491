import {SluiceError} from '../../../model/errors.js';
import {maxNamed, maxPages} from '../bounds.js';
import {builtInDateFormat, type DateFormat, dateFormatOf} from './date-text.js';
import {otherThanWorkbook} from './other-than-workbook.js';
import type {Parts} from './parts.js';
import {allAttributes, attribute, type Namespaces} from './xml-attributes.js';
import {XmlError} from './xml-error.js';
import type {XmlHandler} from './xml-scanner.js';

/** `hidden`: hidden by a person or, out of the reach of Excel's menus, by a program. */
export type Sheet = {readonly name: string; readonly path: string; readonly hidden: boolean};

export type Workbook = {
	readonly sheets: readonly Sheet[];
	/** The part with the shared strings, where there is one. */
	readonly strings: string | null;
	/** Days count from 1904, as on the first Macintosh. */
	readonly date1904: boolean;
	/** By style number: how numbers of that style show a date, undefined where they do not. */
	readonly dateFormats: readonly (DateFormat | undefined)[];
};

/** Excel itself allows 31 characters. */
const mostNameCharacters = 1_000;
/** Excel itself allows 255 characters. */
const mostCodeCharacters = 1_000;

type Relation = {readonly type: string; readonly path: string};

/** Reads what a workbook says of its sheets and styles. @throws SluiceError `intake.type` for what is no .xlsx workbook, `intake.corrupt` */
export async function readWorkbook(parts: Parts): Promise<Workbook> {
	const top = [...(await relations(parts, '')).values()].find(({type}) => type === 'officeDocument');
	const path = top?.path ?? 'xl/workbook.xml';
	const other = otherThanWorkbook(parts, path);
	if (other) throw other;
	const related = await relations(parts, path);
	const {listed, date1904} = await readSheetList(parts, path);
	const sheets = listed.flatMap(({name, id, hidden}) => {
		const relation = related.get(id);
		return relation?.type === 'worksheet' ? [{name, hidden, path: relation.path}] : [];
	});
	if (sheets.length > maxPages) {
		throw new SluiceError('intake.too_many_pages', `${parts.name} has ${sheets.length} sheets`, {
			where: parts.name,
			expected: `at most ${maxPages} sheets`,
		});
	}
	const part = (type: string) => [...related.values()].find((relation) => relation.type === type && parts.has(relation.path))?.path ?? null;
	const styles = part('styles');
	return {sheets, strings: part('sharedStrings'), date1904, dateFormats: styles ? await readDateFormats(parts, styles) : []};
}

/** Types of Microsoft's own may end with the same word as those of the standard. */
const foreignType = /^https?:\/\/schemas\.microsoft\.com\//i;

/** What a part refers to, by id; types by their last word, which the strict and the usual form of the standard share. */
async function relations(parts: Parts, of: string): Promise<ReadonlyMap<string, Relation>> {
	const folder = of.includes('/') ? of.slice(0, of.lastIndexOf('/') + 1) : '';
	const path = `${folder}_rels/${of.slice(folder.length)}.rels`;
	const found = new Map<string, Relation>();
	if (!parts.has(path)) return found;
	await parts.read(
		path,
		onOpen((name, attributes, depth) => {
			if (name !== 'Relationship' || depth !== 1) return;
			const uri = attribute(attributes, 'Type') ?? '';
			if (foreignType.test(uri) || attribute(attributes, 'TargetMode') === 'External') return;
			const type = uri.split('/').at(-1) ?? '';
			const target = attribute(attributes, 'Target') ?? '';
			found.set(attribute(attributes, 'Id') ?? '', {type, path: resolve(folder, target)});
			bounded(found.size, 'relations');
		}),
	);
	return found;
}

function resolve(folder: string, target: string): string {
	if (target.startsWith('/')) return target.slice(1);
	const path: string[] = [];
	for (const step of `${folder}${target}`.split('/')) {
		if (step === '..') path.pop();
		else if (step !== '.') path.push(step);
	}
	return path.join('/');
}

type ListedSheet = {readonly name: string; readonly id: string; readonly hidden: boolean};

async function readSheetList(parts: Parts, path: string): Promise<{listed: readonly ListedSheet[]; date1904: boolean}> {
	const listed: ListedSheet[] = [];
	let [date1904, inSheets] = [false, false];
	await parts.read(path, {
		open(name, attributes, depth, namespaces) {
			if (depth === 1) inSheets = name === 'sheets';
			if (depth === 1 && name === 'workbookPr') date1904 = isTrue(attribute(attributes, 'date1904'));
			if (depth !== 2 || !inSheets || name !== 'sheet') return;
			const state = attribute(attributes, 'state');
			listed.push({
				name: sheetName(attributes),
				id: relationId(attributes, namespaces),
				hidden: state === 'hidden' || state === 'veryHidden',
			});
			bounded(listed.length, 'sheets');
		},
		text() {},
		close() {},
	});
	return {listed, date1904};
}

/** A boolean of XML, which may be written in two ways. */
function isTrue(text: string | undefined): boolean {
	return text !== undefined && ['1', 'true', 'on'].includes(text.trim().toLowerCase());
}

/** The attribute `id` in the namespace of relations, whatever its prefix is; some programs forget to declare that. */
function relationId(attributes: string, namespaces: Namespaces): string {
	const ids = allAttributes(attributes).flatMap(([name, value]) => {
		const [prefix, local] = name.split(':');
		return prefix !== undefined && local === 'id' ? [{namespace: namespaces.of(prefix), prefix, value}] : [];
	});
	const found = ids.find(({namespace}) => namespace.endsWith('/relationships')) ?? ids.find(({namespace, prefix}) => namespace === prefix);
	return found?.value ?? '';
}

async function readDateFormats(parts: Parts, path: string): Promise<readonly (DateFormat | undefined)[]> {
	const codes = new Map<number, string>();
	const formats: number[] = [];
	let list = '';
	await parts.read(path, {
		open(name, attributes, depth) {
			bounded(codes.size + formats.length, 'styles');
			if (depth === 1) list = name;
			else if (depth !== 2) return;
			else if (name === 'numFmt' && list === 'numFmts')
				codes.set(Number(attribute(attributes, 'numFmtId')), attribute(attributes, 'formatCode') ?? '');
			else if (name === 'xf' && list === 'cellXfs') formats.push(Number(attribute(attributes, 'numFmtId') ?? 0));
		},
		text() {},
		close() {},
	});
	const known = new Map<number, DateFormat | undefined>();
	return formats.map((format) => {
		if (!known.has(format)) {
			const code = codes.get(format);
			known.set(format, code === undefined ? builtInDateFormat(format) : dateFormatOf(code.slice(0, mostCodeCharacters)));
		}
		return known.get(format);
	});
}

/** @throws XmlError for more than any program writes */
function bounded(count: number, what: string): void {
	if (count > maxNamed) throw new XmlError(`it has more than ${maxNamed} ${what}`);
}

function sheetName(attributes: string): string {
	const name = attribute(attributes, 'name') ?? '';
	if (name.length > mostNameCharacters) throw new XmlError(`the name of a sheet is longer than ${mostNameCharacters} characters`);
	return name;
}

function onOpen(open: XmlHandler['open']): XmlHandler {
	return {open, text() {}, close() {}};
}
