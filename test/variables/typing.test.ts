import fc from 'fast-check';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {typeScope} from '../../source/engine/variables/type-scope.js';
import type {Variable, VariableType} from '../../source/model/variable.js';
import {type ChdbSession, openChdbSession} from '../support/chdb-session.js';
import {texts} from './generators.js';
import {outputTable, request, variable} from './given.js';
import {seen} from './oracle/blank.js';
import {numberOf} from './oracle/number.js';
import {dateOf, datetimeOf} from './oracle/time.js';
import {booleanOf, emailOf, uuidOf} from './oracle/words.js';

/*
 * The law of every type: for any text, the engine's SQL and a slow, obvious reading of the SPEC written apart from it give the same
 * value, or both none. SLUICE_LONG=1 tries 100,000 texts a type instead of 3,000, from a seed of its own (SLUICE_SEED repeats one).
 */
const count = process.env.SLUICE_LONG === '1' ? 100_000 : 3_000;
const seed = Number(process.env.SLUICE_SEED ?? (process.env.SLUICE_LONG === '1' ? Date.now() % 2 ** 31 : 20_261_120));

let session: ChdbSession;
beforeAll(() => {
	session = openChdbSession();
});
afterAll(() => session.close());

type Reading = {readonly format?: string; readonly decimalComma?: boolean};
type Oracle = (text: string, reading: {format: string | null; decimalComma: boolean}) => string | null;

/** Types all texts in every reading at once, and lists where engine and oracle differ. */
async function differences(
	type: VariableType,
	readings: readonly Reading[],
	sample: readonly string[],
	oracle: Oracle,
	zone = 'UTC',
): Promise<unknown[]> {
	await outputTable(session, {text: sample});
	const variables: Variable[] = readings.map(({format = null, decimalComma = false}, index) =>
		variable(`v${index}`, {from: {column: 'text'}, type, inputFormat: format, decimalComma}),
	);
	await typeScope(session, request(variables, [], zone));
	const found: unknown[] = [];
	let row = 0;
	const columns = variables.map(({name}) => name).join(', ');
	for await (const block of session.blocks(`SELECT ${columns} FROM run.\`variables:input\` ORDER BY __row`)) {
		for (const at of (block[0] ?? []).keys()) {
			const text = sample[row++] ?? '';
			const bare = seen(text);
			for (const [index, {inputFormat: format, decimalComma}] of variables.entries()) {
				const expected = bare === null ? null : oracle(bare, {format, decimalComma});
				const actual = block[index]?.[at];
				if (actual !== expected && found.length < 20) found.push({text, format, decimalComma, zone, expected, actual, seed});
			}
		}
	}
	expect(row).toBe(sample.length);
	return found;
}

/** Texts as UTF-8 can carry them: a lone half of a surrogate pair cannot come out of any file. */
function sampled(type: keyof typeof texts, share = 1): string[] {
	return fc.sample(texts[type], {numRuns: Math.ceil(count * share), seed}).map((text) => Buffer.from(text).toString());
}

/** Formats that next to no text of a sample is of prove little. */
function rare(sample: readonly string[], formats: readonly string[], oracle: (text: string, format: string) => string | null): string[] {
	return formats.filter((format) => sample.filter((text) => oracle(text.trim(), format) !== null).length < 3);
}

/** A sample that is all valid or all invalid would prove little. */
function isMixed(sample: readonly string[], oracle: (text: string) => string | null): boolean {
	const valid = sample.filter((text) => oracle(text.trim()) !== null).length;
	return valid > sample.length / 20 && valid < sample.length * 0.95;
}

test('boolean', async () => {
	const readings = ['true_false', 'yes_no', 'on_off', 'one_zero', 't_f', 'checked_unchecked'].map((format) => ({format}));
	expect(await differences('boolean', [{}, ...readings], sampled('boolean'), (text, {format}) => booleanOf(text, format))).toEqual([]);
});

test('number', async () => {
	const sample = sampled('number');
	expect(isMixed(sample, (text) => numberOf(text, false))).toBe(true);
	const oracle: Oracle = (text, {decimalComma}) => numberOf(text, decimalComma);
	expect(await differences('number', [{}, {decimalComma: true}], sample, oracle)).toEqual([]);
});

test('date', async () => {
	const named = [
		'MM/DD/YYYY',
		'DD/MM/YYYY',
		'MM-DD-YYYY',
		'DD-MM-YYYY',
		'MM.DD.YYYY',
		'DD.MM.YYYY',
		'YYYY/MM/DD',
		'YYYY.MM.DD',
		'YYYY-MM-DD',
	];
	const banks = ['DD.MM.YY', 'MM/DD/YY', 'D MMM YYYY', 'DD-MMM-YY', 'DDMMMYYYY', 'DD MMMM YYYY', 'MMMM DD, YYYY', 'DD-MMMM-YY', 'YYMMDD'];
	const others = ['excel_epoch', 'unix_epoch', 'YYYYMMDD', 'D/M/YYYY', 'YYYY年MM月DD日'];
	const readings = [...named, ...banks, ...others].map((format) => ({format}));
	const sample = sampled('date');
	expect(isMixed(sample, (text) => dateOf(text, null))).toBe(true);
	expect(rare(sample, banks, dateOf)).toEqual([]);
	expect(await differences('date', [{}, ...readings], sample, (text, {format}) => dateOf(text, format))).toEqual([]);
});

test('datetime, in UTC', async () => {
	const banks = [
		'MM/DD/YYYY hh:mm A',
		'MM/DD/YYYY h:mm:ssA',
		'DD.MM.YY HH:mm',
		'D MMM YYYY h:mm A',
		'DD MMMM YYYY hh:mm:ssA',
		'hA YYYY-MM-DD',
	];
	const others = ['MM/DD/YYYY', 'DD/MM/YYYY HH:mm', 'D/M/YYYY H:mm', 'YYYY-MM-DDTHH:mm:ss.SSSZ', 'YYYYMMDD', 'excel_epoch', 'unix_epoch'];
	const formats = [...banks, ...others];
	const sample = sampled('datetime');
	expect(isMixed(sample, (text) => datetimeOf(text, null, 'UTC'))).toBe(true);
	expect(rare(sample, banks, (text, format) => datetimeOf(text, format, 'UTC'))).toEqual([]);
	const readings = [{}, ...formats.map((format) => ({format}))];
	expect(await differences('datetime', readings, sample, (text, {format}) => datetimeOf(text, format, 'UTC'))).toEqual([]);
});

// One with negative offsets, one whose clocks move by half an hour, one that left out a day, one of Ramadan's exceptions.
test.each(['Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'Africa/Casablanca'])(
	'datetime, in %s',
	async (zone) => {
		const sample = sampled('datetime', 0.2);
		const readings = [{}, {format: 'DD/MM/YYYY HH:mm'}, {format: 'excel_epoch'}];
		expect(await differences('datetime', readings, sample, (text, {format}) => datetimeOf(text, format, zone), zone)).toEqual([]);
	},
);

test.each([
	['Europe/Paris', '2024-03-31', '2024-10-27'],
	['Australia/Lord_Howe', '2024-10-06', '2024-04-07'],
	['Pacific/Apia', '2011-12-30', '2011-09-24'],
	['America/New_York', '1883-11-18', '2007-11-04'],
	['Asia/Kathmandu', '1986-01-01', '1920-01-01'],
])('every quarter of an hour around the changes of %s', async (zone, ...days) => {
	const sample = days.flatMap((day) =>
		Array.from({length: 3 * 96}, (_, quarter) =>
			new Date(Date.parse(`${day}T00:00:00Z`) + (quarter - 96) * 900_000).toISOString().slice(0, 16),
		),
	);
	expect(await differences('datetime', [{}], sample, (text) => datetimeOf(text, null, zone), zone)).toEqual([]);
});

test('email', async () => {
	const sample = sampled('email');
	expect(isMixed(sample, emailOf)).toBe(true);
	expect(await differences('email', [{}], sample, emailOf)).toEqual([]);
});

test('uuid', async () => {
	const sample = sampled('uuid');
	expect(isMixed(sample, uuidOf)).toBe(true);
	expect(await differences('uuid', [{}], sample, uuidOf)).toEqual([]);
});

test('string', async () => {
	expect(await differences('string', [{}], sampled('string'), (text) => text)).toEqual([]);
});

test('phone_number: any way of writing a valid number gives its E.164 form', async () => {
	const plans = [
		['FR', '+33', ['612345678', '142278186', '756789012']],
		['', '+1', ['2025550143', '4155552671']],
		['', '+44', ['7911123456', '2079460018']],
		['', '+49', ['15123456789', '3012345678']],
	] as const;
	const written = fc
		.tuple(fc.constantFrom(...plans), fc.nat(2), fc.constantFrom('', ' ', '-', '.', '\u00a0'), fc.nat(3))
		.map(([[home, code, nationals], which, gap, form]) => {
			const national = nationals[which % nationals.length] ?? '';
			const spaced = national.replace(/(\d{2,3})(?=\d{4,})/g, `$1${gap}`);
			const forms = [`${code}${gap}${spaced}`, `${code.replace('+', '00')}${gap}${spaced}`, `(${code})${gap}${spaced}`];
			return {text: form === 3 && home === 'FR' ? `0${spaced}` : (forms[form % 2 === 0 ? 0 : 1] ?? ''), expected: `${code}${national}`};
		});
	const wrong = fc
		.constantFrom('12', 'abc', '+33 6', '00000000000', '+999 123456789', '06 12 34 56 7', 'call 06 12 34 56 78 now')
		.map((text) => ({text, expected: null}));
	const sample = fc.sample(fc.oneof({arbitrary: written, weight: 9}, {arbitrary: wrong, weight: 1}), {numRuns: count, seed});
	const byText = new Map(sample.map(({text, expected}) => [seen(text) ?? '', expected]));
	expect(
		await differences(
			'phone_number',
			[{}],
			sample.map(({text}) => text),
			(text) => byText.get(text) ?? null,
		),
	).toEqual([]);
});

test('numbers the SQL made keep their value: any float is read as the decimal it prints, without an exponent', async () => {
	const sample = fc.sample(fc.double({noNaN: true, noDefaultInfinity: true}), {numRuns: Math.min(count, 20_000), seed});
	await session.execute('DROP TABLE IF EXISTS run.`sql:input` SYNC');
	await session.execute(
		'CREATE TABLE run.`sql:input` (__row UInt64, __line Nullable(UInt64), x Float64) ENGINE = MergeTree ORDER BY __row',
	);
	await session.insert('run.`sql:input`', ['__row', '__line', 'x'], [sample.map((_, row) => row), sample.map(() => null), sample]);
	await typeScope(session, request([variable('x', {type: 'number'})]));
	const rows = await session.rows<{x: string | null}>('SELECT x FROM run.`variables:input` ORDER BY __row');
	const wrong = rows.filter(({x}, row) => x === null || !/^-?\d+(\.\d+)?$/.test(x) || Number(x) !== (sample[row] ?? 0) + 0);
	expect(wrong).toEqual([]);
});

test('lists written as JSON or as arrays of PostgreSQL come back element by element', async () => {
	const sample = fc.sample(fc.array(fc.string({unit: 'grapheme', maxLength: 8}), {maxLength: 5}), {numRuns: Math.min(count, 20_000), seed});
	const postgres = (list: readonly string[]) => `{${list.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
	await outputTable(session, {j: sample.map((list) => JSON.stringify(list)), p: sample.map(postgres)});
	await typeScope(session, request([variable('j', {array: true, delimiter: '[]'}), variable('p', {array: true, delimiter: '{}'})]));
	const rows = await session.rows<{j: string | null; p: string | null}>('SELECT j, p FROM run.`variables:input` ORDER BY __row');
	const wrong = rows.flatMap(({j, p}, row) => {
		const expected = (sample[row] ?? []).flatMap((text) => seen(text) ?? []);
		const differs = [j, p].some((text) => JSON.stringify(JSON.parse(text ?? '[]')) !== JSON.stringify(expected));
		return differs || (expected.length === 0) !== (j === null) ? [{list: sample[row], j, p}] : [];
	});
	expect(wrong.slice(0, 5)).toEqual([]);
});
