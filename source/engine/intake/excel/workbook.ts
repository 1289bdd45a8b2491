import {SluiceError} from '../../../model/errors.js';
import {maxNamed, maxPages} from '../bounds.js';
import {builtInDateKind, type DateKind, dateKindOf} from './date-text.js';
import type {Parts} from './parts.js';
import {attribute, XmlError, type XmlHandler} from './xml-scanner.js';

export type Sheet = {readonly name: string; readonly path: string};

export type Workbook = {
	readonly sheets: readonly Sheet[];
	/** The part with the shared strings, where there is one. */
	readonly strings: string | null;
	/** Days count from 1904, as on the first Macintosh. */
	readonly date1904: boolean;
	/** By style number: how numbers of that style show a date, undefined where they do not. */
	readonly dateKinds: readonly (DateKind | undefined)[];
};

/** Excel itself allows 31 characters. */
const mostNameCharacters = 1_000;
/** Excel itself allows 255 characters. */
const mostCodeCharacters = 1_000;

type Relation = {readonly type: string; readonly path: string};

/** Reads what a workbook says of its sheets and styles. @throws SluiceError `intake.type` for what is no .xlsx workbook, `intake.corrupt` */
export async function readWorkbook(parts: Parts): Promise<Workbook> {
	if (!parts.has('[Content_Types].xml')) throw notWorkbook(parts, 'a zip archive without a workbook');
	const top = [...(await relations(parts, '')).values()].find(({type}) => type === 'officeDocument');
	const path = top?.path ?? 'xl/workbook.xml';
	if (path.endsWith('.bin')) throw notWorkbook(parts, 'a binary workbook (.xlsb)');
	if (!parts.has(path) || /(^|\/)(word|ppt)\//.test(path)) throw notWorkbook(parts, 'an office document without a workbook');
	const related = await relations(parts, path);
	const {names, date1904} = await readSheetList(parts, path);
	const sheets = names.flatMap(({name, id}) => {
		const relation = related.get(id);
		return relation?.type === 'worksheet' ? [{name, path: relation.path}] : [];
	});
	if (sheets.length > maxPages) {
		throw new SluiceError('intake.expansion', `${parts.name} has ${sheets.length} sheets`, {
			where: parts.name,
			expected: `at most ${maxPages}`,
		});
	}
	const part = (type: string) => [...related.values()].find((relation) => relation.type === type && parts.has(relation.path))?.path ?? null;
	const styles = part('styles');
	return {sheets, strings: part('sharedStrings'), date1904, dateKinds: styles ? await readDateKinds(parts, styles) : []};
}

/** What a part refers to, by id; types by their last word, which the strict and the usual form of the standard share. */
async function relations(parts: Parts, of: string): Promise<ReadonlyMap<string, Relation>> {
	const folder = of.includes('/') ? of.slice(0, of.lastIndexOf('/') + 1) : '';
	const path = `${folder}_rels/${of.slice(folder.length)}.rels`;
	const found = new Map<string, Relation>();
	if (!parts.has(path)) return found;
	await parts.read(
		path,
		onOpen((name, attributes) => {
			if (name !== 'Relationship') return;
			const type = attribute(attributes, 'Type')?.split('/').at(-1) ?? '';
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

async function readSheetList(parts: Parts, path: string): Promise<{names: readonly {name: string; id: string}[]; date1904: boolean}> {
	const names: {name: string; id: string}[] = [];
	let date1904 = false;
	await parts.read(
		path,
		onOpen((name, attributes) => {
			if (name === 'sheet') {
				names.push({name: sheetName(attributes), id: prefixedAttribute(attributes, 'id')});
				bounded(names.length, 'sheets');
			} else if (name === 'workbookPr') date1904 = ['1', 'true'].includes(attribute(attributes, 'date1904') ?? '');
		}),
	);
	return {names, date1904};
}

/** `r:id`, whatever the prefix is. */
function prefixedAttribute(attributes: string, name: string): string {
	return new RegExp(`\\s\\w+:${name}\\s*=\\s*["']([^"']*)["']`).exec(attributes)?.[1] ?? '';
}

async function readDateKinds(parts: Parts, path: string): Promise<readonly (DateKind | undefined)[]> {
	const codes = new Map<number, string>();
	const formats: number[] = [];
	let inCellFormats = false;
	await parts.read(path, {
		open(name, attributes) {
			bounded(codes.size + formats.length, 'styles');
			if (name === 'numFmt') codes.set(Number(attribute(attributes, 'numFmtId')), attribute(attributes, 'formatCode') ?? '');
			else if (name === 'cellXfs') inCellFormats = true;
			else if (name === 'xf' && inCellFormats) formats.push(Number(attribute(attributes, 'numFmtId') ?? 0));
		},
		text() {},
		close(name) {
			if (name === 'cellXfs') inCellFormats = false;
		},
	});
	return formats.map((format) => {
		const code = codes.get(format);
		return code === undefined ? builtInDateKind(format) : dateKindOf(code.slice(0, mostCodeCharacters));
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

function notWorkbook(parts: Parts, found: string): SluiceError {
	return new SluiceError('intake.type', `${parts.name} is ${found}, not an .xlsx workbook`, {
		where: parts.name,
		expected: 'an .xlsx workbook',
	});
}
