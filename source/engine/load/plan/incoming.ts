import {type FieldValue, lookupKey} from '../../../model/value.js';
import type {CompiledRule, CompiledStep, MappedField, ValueSource} from './compile-step.js';
import {textOf} from './map.js';
import {shown} from './values/shown.js';

export type Texts = readonly (string | null)[];

/** What a chunk's rows bring for one field, a member a row. */
export type IncomingField = {
	/** In normal form; blank and refused values are null. Options and related records are still as given. */
	values: readonly (FieldValue | null)[];
	/** The same as the kept tables hold them. */
	texts: Texts;
	/** Why a row's value was refused, by row: `price: "abc" is not a number`. */
	readonly refusals: Map<number, string>;
};

/** What a chunk's rows look for by one matching rule. A value that cannot be one of the field's matches nothing, like a blank. */
export type Sought = {values: readonly (FieldValue | null)[]; keys: Texts};

/** The chunk's texts of one variable, as the rows brought them. */
export type Raw = readonly unknown[];

/** Converts a mapped field's variables for all rows of a chunk. */
export function convertField(mapped: MappedField, raw: readonly Raw[]): IncomingField {
	const refusals = new Map<number, string>();
	const name = mapped.field.apiName;
	const refuse = (row: number, text: string, why: string) => refusals.set(row, `${name}: ${shown(text)} ${why}`);
	const [source] = mapped.sources;
	if (mapped.field.multiple) {
		const values = convertItems(mapped, raw, refuse);
		return {values, texts: values.map(textOf), refusals};
	}
	const values =
		mapped.sources.length === 1 && source
			? convertColumn(source, rawOf(raw, source), refuse)
			: convertColumn({convert: mapped.convert, form: null}, joinColumns(mapped, raw), refuse);
	return {values, texts: textsOf(values), refusals};
}

/** The values that a rule looks for. `incoming` is taken over where a field is mapped from the same variable and needs no looking up. */
export function soughtBy(rule: CompiledRule, step: CompiledStep, incoming: readonly IncomingField[], raw: readonly Raw[]): Sought {
	const mapped = step.mapped[rule.position];
	const plain = mapped && mapped.sources.length === 1 && !mapped.related && !mapped.hasOptions && !mapped.field.multiple;
	const taken = plain && mapped.sources[0]?.column === rule.source.column;
	const values =
		taken && incoming[rule.position]
			? (incoming[rule.position] as IncomingField).values
			: convertColumn(rule.source, rawOf(raw, rule.source), () => undefined);
	return {values, keys: keysOf(values, step.layout[rule.position]?.type ?? 'id')};
}

/** The lookup keys of values; the values themselves where they are texts that compare exactly. */
export function keysOf(values: readonly (FieldValue | null)[], type: Parameters<typeof lookupKey>[1]): Texts {
	if (type === 'decimal' || type === 'money' || type === 'rating')
		return values.map((value) => (value === null ? null : lookupKey(value, type)));
	return textsOf(values);
}

/** Text values are their own text: the array itself then. */
function textsOf(values: readonly (FieldValue | null)[]): Texts {
	return values.some((value) => typeof value !== 'string' && value !== null) ? values.map(textOf) : (values as Texts);
}

function rawOf(raw: readonly Raw[], source: {readonly column: number}): Raw {
	return raw[source.column] ?? [];
}

/** One variable's texts as values. The array that came in is returned where nothing had to change, as is most often so. */
function convertColumn(
	{convert, form}: Pick<ValueSource, 'convert' | 'form'>,
	raw: Raw,
	refuse: (row: number, text: string, why: string) => void,
): readonly (FieldValue | null)[] {
	let values: unknown[] | null = null;
	let row = 0;
	let text = '';
	const refuseThis = (why: string) => refuse(row, text, why);
	for (; row < raw.length; row++) {
		const given = raw[row];
		let value: FieldValue | null = null;
		if (typeof given === 'string') {
			text = trimmed(form === null ? given : form(given));
			value = text === '' ? null : convert(text, refuseThis);
		}
		if (values !== null) values[row] = value;
		else if (value !== given) {
			values = raw.slice();
			values[row] = value;
		}
	}
	return (values ?? raw) as readonly (FieldValue | null)[];
}

/** Several variables as one text a row; blank ones are left out, and a row of blanks is blank. */
function joinColumns({sources, join}: MappedField, raw: readonly Raw[]): Raw {
	const columns = sources.map((source) => ({form: source.form, texts: rawOf(raw, source)}));
	const rows = raw[0]?.length ?? 0;
	return Array.from({length: rows}, (_, row) => {
		const parts: string[] = [];
		for (const {form, texts} of columns) {
			const given = texts[row];
			if (typeof given !== 'string') continue;
			const part = trimmed(form === null ? given : form(given));
			if (part !== '') parts.push(part);
		}
		return parts.length === 0 ? null : parts.join(join);
	});
}

/** The items of all variables in order, without repeats. A row with one refused item is refused. */
function convertItems(
	mapped: MappedField,
	raw: readonly Raw[],
	refuse: (row: number, text: string, why: string) => void,
): (FieldValue | null)[] {
	const rows = raw[0]?.length ?? 0;
	return Array.from({length: rows}, (_, row) => {
		const items = new Set<string>();
		let whole = true;
		for (const source of mapped.sources) {
			for (const item of itemsOf(rawOf(raw, source)[row], source)) {
				const value = source.convert(item, (why) => refuse(row, item, why));
				if (value === null) whole = false;
				else items.add(String(value));
			}
		}
		return whole && items.size > 0 ? [...items] : null;
	});
}

function itemsOf(given: unknown, {array, form}: ValueSource): readonly string[] {
	if (typeof given !== 'string') return [];
	const items: unknown = array ? JSON.parse(given) : [form === null ? given : form(given)];
	if (!Array.isArray(items)) return [];
	return items
		.filter((item): item is string => typeof item === 'string')
		.map(trimmed)
		.filter((item) => item !== '');
}

/** `trim`, without the call where the text plainly begins and ends with something visible. */
function trimmed(text: string): string {
	const first = text.charCodeAt(0);
	const last = text.charCodeAt(text.length - 1);
	return first > 32 && first < 127 && last > 32 && last < 127 ? text : text.trim();
}
