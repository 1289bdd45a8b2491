import type {SqlSession} from '../../model/sql-session.js';
import {identifier, keptTable, literal} from '../../model/sql-text.js';
import type {ArrayDelimiter, VariableType} from '../../model/variable.js';
import type {Locale} from '../protocol.js';
import {layerSettings} from './compile-variables.js';
import {arrayCandidates, type Candidate, candidates} from './infer-candidates.js';
import {toE164} from './phone.js';
import {columnType, isTemporal, rawText} from './raw-text.js';
import type {ScopeColumn} from './request.js';
import {scopeColumns} from './type-scope.js';
import {nonBlank} from './white-space.js';

/** A variable as `sluice infer` proposes it: the keys of a connector file, null where the default will do. */
export type Proposal = {
	readonly name: string;
	readonly scope: string;
	readonly column: string;
	readonly type: VariableType;
	readonly input_format: string | null;
	readonly decimal_comma: true | null;
	readonly array: true | null;
	readonly delimiter: ArrayDelimiter | null;
	readonly required: true | null;
	/** What else the values could be, such as `also fits DD/MM/YYYY`. */
	readonly note: string | null;
};

/** Texts looked at for phone numbers, which the engine cannot tell; numbering plans are the same for the rest of the column. */
const phoneSample = 1000;

/**
 * Proposes a variable for each column of a scope from its values: the narrowest type that fits all that are not blank; required when
 * none is. Numbers with leading zeros stay strings. Columns the SQL gave a type keep it.
 *
 * @throws SluiceError `variables.missing_scope`, `sql.*`
 */
export async function inferVariables(session: SqlSession, scope: string, locale: Locale): Promise<readonly Proposal[]> {
	const proposals: Proposal[] = [];
	for (const column of await scopeColumns(session, scope)) proposals.push(await propose(session, scope, column, locale));
	return proposals;
}

async function propose(session: SqlSession, scope: string, column: ScopeColumn, locale: Locale): Promise<Proposal> {
	const type = columnType(column.type);
	const list = type.base === 'Array' ? columnType(type.argument) : null;
	const value = `__s.${identifier(column.name)}`;
	const from = `${keptTable(`sql:${scope}`)} AS __s`;
	const texts =
		list === null
			? `SELECT ${nonBlank(rawText(value, type, locale.timezone))} AS __t FROM ${from}`
			: `SELECT ${nonBlank(rawText('__e', list, locale.timezone))} AS __t FROM (SELECT arrayJoin(${value}) AS __e FROM ${from})`;
	const found = await fitting(session, texts, locale);
	const proposal = {
		name: variableName(column.name),
		scope,
		column: column.name,
		...noFormat,
		required: found.blank === 0 && found.filled > 0 ? true : null,
	} as const;
	const [best, ...others] = found.fits;
	if (found.filled === 0) return {...proposal, type: 'string', required: null, array: list === null ? null : true};
	if (best !== undefined) {
		const formats = isTemporal(list ?? type) || type.base === 'Bool' ? noFormat : formatsOf(best, others);
		return {...proposal, ...formats, type: best.type, array: list === null || best.type === 'boolean' ? null : true};
	}
	if (list !== null) return {...proposal, type: 'string', array: true};
	return {...proposal, ...(await asArray(session, texts, locale))};
}

const noFormat = {input_format: null, decimal_comma: null, array: null, delimiter: null, note: null} as const;

/** Names are lower case words; a column of another shape gets one made of it. */
function variableName(column: string): string {
	const cleaned = column.toLowerCase().replace(/[^a-z0-9_]+/g, '_');
	return /^[a-z]/.test(cleaned) ? cleaned : `c${cleaned.startsWith('_') ? '' : '_'}${cleaned}`;
}

function formatsOf(best: Candidate, others: readonly Candidate[]): Pick<Proposal, 'input_format' | 'decimal_comma' | 'note'> {
	const rivals = others.filter(({type, format}) => type === best.type && format !== null).map(({format}) => format);
	return {
		input_format: best.format,
		decimal_comma: best.decimalComma ? true : null,
		note: best.format !== null && rivals.length > 0 ? `also fits ${rivals.join(', ')}` : null,
	};
}

/** Text that nothing narrower fits: a list, where its values look like one, or a string. */
async function asArray(
	session: SqlSession,
	texts: string,
	locale: Locale,
): Promise<Pick<Proposal, 'type' | 'input_format' | 'decimal_comma' | 'array' | 'delimiter'>> {
	const plain = {type: 'string', input_format: null, decimal_comma: null, array: null, delimiter: null} as const;
	for (const {delimiter, condition, elements} of arrayCandidates) {
		const [looks] = await session.rows<{fits: string | number}>(`SELECT ${condition('__t')} AS fits FROM (${texts}) WHERE __t IS NOT NULL`);
		if (Number(looks?.fits ?? 0) === 0) continue;
		const {fits} = await fitting(session, `SELECT CAST(arrayJoin(${elements('__t')}) AS Nullable(String)) AS __t FROM (${texts})`, locale);
		const best = fits.find(({type}) => type !== 'boolean');
		return {
			type: best?.type ?? 'string',
			input_format: best?.format ?? null,
			decimal_comma: best?.decimalComma ? true : null,
			array: true,
			delimiter,
		};
	}
	return plain;
}

type Fitting = {readonly filled: number; readonly blank: number; readonly fits: readonly Candidate[]};

/** Which candidates fit every text that is not blank, in the order of preference. A pass over the texts for shapes, one for values, and one more for phones. */
async function fitting(session: SqlSession, texts: string, locale: Locale): Promise<Fitting> {
	const tried = await shapely(session, texts);
	const counts = tried.map(({fitsAll}, index) => `${fitsAll('__t')} AS fits_${index}`);
	const [row = {}] = await session.rows<Record<string, string | number | null>>(
		`SELECT count() AS total, count(__t) AS filled, ${counts.join(',\n')}\nFROM (${texts})\nSETTINGS ${layerSettings}`,
	);
	const [total, filled] = [Number(row.total ?? 0), Number(row.filled ?? 0)];
	const fits = filled === 0 ? [] : tried.filter((_, index) => Number(row[`fits_${index}`] ?? 0) === 1);
	const phone = filled > 0 && fits.length === 0 && (await allPhones(session, texts, locale));
	return {filled, blank: total - filled, fits: phone ? [phoneCandidate] : fits};
}

/** The candidates that the shape of no text rules out: to read every value in every format takes a query of half a megabyte. */
async function shapely(session: SqlSession, texts: string): Promise<readonly Candidate[]> {
	const shapes = candidates.map(({shape}, index) => `${shape === null ? '1' : `min(match(__t, ${literal(shape)}))`} AS shape_${index}`);
	const [row = {}] = await session.rows<Record<string, string | number | null>>(`SELECT ${shapes.join(',\n')}\nFROM (${texts})`);
	return candidates.filter((_, index) => Number(row[`shape_${index}`] ?? 0) === 1);
}

const phoneCandidate: Candidate = {
	type: 'phone_number',
	format: null,
	decimalComma: false,
	shape: null,
	fits: () => '0',
	fitsAll: () => '0',
};

async function allPhones(session: SqlSession, texts: string, {defaultCountry}: Locale): Promise<boolean> {
	const sample = await session.rows<{text: string}>(
		`SELECT DISTINCT __t AS text FROM (${texts}) WHERE __t IS NOT NULL LIMIT ${phoneSample}`,
	);
	return sample.every(({text}) => toE164(text, defaultCountry) !== null);
}
