import {join} from 'node:path';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {writeReport} from '../../source/report/workbook.js';
import {connector, contacts, execution, keepLoad, keptRun} from './kept-run.js';
import {members} from './open-workbook.js';

const engine = keptRun();
const runs = {numRuns: process.env.SLUICE_LONG ? 60 : 4};
const rows = 100;

/** The `<v>` of a column's cells by sheet row, and whether each is a text cell. */
async function cellsOf(field: string, values: readonly string[]): Promise<readonly {text: boolean; value: string}[]> {
	const {session, folder} = engine;
	await session.execute('DROP TABLE IF EXISTS run.`load:1` SYNC');
	await keepLoad(
		session,
		1,
		[field],
		values.map((value) => ({outcome: 'created', values: [value]})),
	);
	const facts = {execution: execution(), connector: connector(), objects: [contacts], diffCheck: false};
	const {path} = await writeReport({session, folder, target: join(folder, 'report.xlsx'), ...facts});
	const xml = (await members(path)).get('xl/worksheets/sheet2.xml') ?? '';
	return [...xml.matchAll(/<c r="I(\d+)"([^>]*)>.*?<(?:t|v)[^>]*>([^<]*)</g)]
		.filter(([, row]) => row !== '1')
		.map(([, , attributes = '', value = '']) => ({text: /t="(str|inlineStr)"/.test(attributes), value}));
}

const dayOne = Date.UTC(1899, 11, 30);
const firstMarch1900 = Date.UTC(1900, 2, 1);
const instants = fc.oneof(
	fc.date({min: new Date('0001-01-01'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true}),
	fc.date({min: new Date('1899-12-01'), max: new Date('1900-04-01'), noInvalidDate: true}),
);
const early = fc.date({min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true});
const lists = (dates: fc.Arbitrary<Date>) => fc.array(dates, {minLength: rows, maxLength: rows});

test.each([
	['within the engine’s own calendar', lists(early)],
	['from year 1 to 9999', lists(instants)],
])('a day is a real date cell from 1 March 1900 on, and text before: %s', async (_, dates) => {
	await fc.assert(
		fc.asyncProperty(dates, async (list) => {
			const days = list.map((date) => date.toISOString().slice(0, 10));
			const expected = days.map((day) =>
				Date.parse(day) < firstMarch1900 ? {text: true, value: day} : {text: false, value: String((Date.parse(day) - dayOne) / 86_400_000)},
			);
			expect(await cellsOf('born', days)).toEqual(expected);
		}),
		runs,
	);
});

test.each([
	['within the engine’s own calendar', lists(early)],
	['from year 1 to 9999', lists(instants)],
])('a moment keeps its millisecond: %s', async (_, dates) => {
	await fc.assert(
		fc.asyncProperty(dates, async (list) => {
			const cells = await cellsOf(
				'seen',
				list.map((date) => date.toISOString()),
			);
			const back = cells.map(({text, value}) => (text ? value : new Date(Math.round(Number(value) * 86_400_000) + dayOne).toISOString()));
			expect(back).toEqual(list.map((date) => date.toISOString()));
			expect(cells.map(({text}) => text)).toEqual(list.map((date) => date.getTime() < firstMarch1900));
		}),
		runs,
	);
});

/** Significant digits as a person counts them. */
function digits(decimal: string): number {
	return decimal.replace('-', '').replace('.', '').replace(/^0+/, '').replace(/0+$/, '').length;
}

const decimal = fc
	.tuple(fc.constantFrom('', '-'), fc.stringMatching(/^(0|[1-9]\d{0,25})$/), fc.stringMatching(/^(\.\d{1,12})?$/))
	.map((parts) => parts.join(''));
const short = fc
	.tuple(fc.constantFrom('', '-'), fc.stringMatching(/^(0|[1-9]\d{0,6})$/), fc.stringMatching(/^(\.\d{1,5})?$/))
	.map((parts) => parts.join(''));

test.each([
	['short numbers alone', short],
	['numbers of any length', decimal],
])('a number is a number cell exactly where a double keeps it, else text with every digit: %s', async (_, numbers) => {
	await fc.assert(
		fc.asyncProperty(fc.array(numbers, {minLength: rows, maxLength: rows}), async (list) => {
			const cells = await cellsOf('balance', list);
			expect(cells.map(({value}) => value)).toEqual(list);
			expect(cells.map(({text}) => text)).toEqual(list.map((one) => digits(one) > 15));
		}),
		runs,
	);
});
