import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {IntakeWarning} from '../../source/engine/intake/page.js';
import {plainNumber} from '../../source/engine/intake/plain-number.js';
import {buildDatabases} from '../../source/engine/sql/databases.js';
import {keepBodyNotes} from '../../source/engine/sql/webhook-table.js';
import {type SqlWorker, startWorker} from '../../source/engine/sql/worker-session.js';
import {defaultLimits} from '../../source/model/limits.js';
import {literal} from '../../source/model/sql-text.js';
import {execution} from '../sql/world.js';

let worker: SqlWorker;
const folder = mkdtempSync(join(tmpdir(), 'sluice-bodies-test-'));

beforeAll(async () => {
	worker = await startWorker({folder, limits: defaultLimits});
});

afterAll(async () => {
	await worker.kill();
	rmSync(folder, {recursive: true, force: true, maxRetries: 20, retryDelay: 100});
});

type Request = {readonly body: string; readonly type?: string};
type Read = {readonly rows: readonly {line: number; item: number; body: string | null}[]; readonly warnings: readonly IntakeWarning[]};

/** `input.webhooks` of these requests, the first on line 2. */
async function load(requests: readonly Request[], events = 'value', withHeaders = true): Promise<Read> {
	const columns = ['timestamp', 'employee_id', 'querystring', 'body', ...(withHeaders ? ['headers'] : [])];
	const structure = ['_line UInt64', ...columns.map((column) => `${column} Nullable(String)`)].join(', ');
	const tuples = requests.map(({body, type}, index) => {
		const headers = type === undefined ? 'NULL' : literal(JSON.stringify({'content-type': type}));
		return `(${[index + 2, literal('2026-11-20T10:00:00.123Z'), literal('ann'), 'NULL', literal(body), ...(withHeaders ? [headers] : [])].join(', ')})`;
	});
	const warnings: IntakeWarning[] = [];
	await buildDatabases(worker, {
		...{type: 'webhook', sampleTableNames: [], references: [], execution, parameters: {}},
		pages: [
			{name: 'batch.csv', tableNames: ['batch'], columns, select: `SELECT * FROM values(${literal(structure)}, ${tuples.join(', ')})`},
		],
		webhook: {events, onWarning: (warning) => warnings.push(warning)},
	});
	const rows = await worker.rows<{line: string; item: number; body: string | null}>(
		'SELECT _line AS line, _item AS item, toJSONString(body) AS body FROM input.webhooks ORDER BY line, item SETTINGS output_format_json_quote_64bit_integers = 0',
	);
	return {rows: rows.map(({line, item, body}) => ({line: Number(line), item, body: body === 'null' ? null : body})), warnings};
}

const json = async (body: string) => (await load([{body}])).rows[0]?.body;
const messages = async (body: string) => (await load([{body}])).warnings.map(({message}) => message);

test('numbers keep every digit, and text is never read as a date', async () => {
	expect(await json('{"a": 1234567890123456.78, "b": 12.10, "c": 123456789012345678901234567890, "d": 1e400, "e": 1.50e-3, "f": 7}')).toBe(
		'{"a":"1234567890123456.78","b":"12.10","c":"123456789012345678901234567890","d":"1e400","e":"0.00150","f":7}',
	);
	expect(await json('{"a": "12:30", "b": "2026-01-01T10:00:00+02:00", "c": ["2026-01-01"], "d": [1, true]}')).toBe(
		'{"a":"12:30","b":"2026-01-01T10:00:00+02:00","c":["2026-01-01"],"d":[1,true]}',
	);
});

test('a number is read as any type that holds it', async () => {
	await load([{body: '{"a": 12.10, "b": 12, "c": [1, 2.5], "d": [{"p": 1}, {"p": 2.5}]}'}]);
	expect(
		await worker.rows(
			`SELECT body.a::Decimal(18,2) AS a, body.a::Float64 AS f, body.b::Decimal(18,2) AS b, body.b.:Int64 AS i,
				body.c::Array(Decimal(18,2)) AS c, body.d[].p::Array(Float64) AS d FROM input.webhooks`,
		),
	).toEqual([{a: '12.1', f: 12.1, b: '12', i: '12', c: ['1', '2.5'], d: [1, 2.5]}]);
});

test('what cannot be held as it is has a warning with its line and path', async () => {
	expect(await json('{"a": 1, "x": {"a": 1, "a": {"b": 2}}}')).toBe('{"a":1,"x":{"a":{"b":2}}}');
	expect(await messages('{"a": 1, "x": [{"a": 1, "a": 2}]}')).toEqual([
		'batch.csv, line 2: "x[1].a" comes more than once; its last value counts',
	]);
	expect(await json('{"a.b": 1, "a": {"b": 2, "c": 3}}')).toBe('{"a":{"b":2,"c":3}}');
	expect(await messages('{"a.b": 1, "a": {"b": 2}}')).toEqual(['batch.csv, line 2: "a.b" comes more than once; its last value counts']);
	expect(await messages('{"a": [null, [1]], "b": [null, 1], "c": [null, {"d": 1}]}')).toEqual([
		'batch.csv, line 2: "a[1]" is null in a list of lists; it is read as empty',
	]);
	expect(await json('{"a": "\\ud800x", "b": "\\ud83d\\ude00"}')).toBe('{"a":"\uFFFDx","b":"😀"}');
	expect(await messages('{"a": "\\ud800x"}')).toEqual([
		'batch.csv, line 2: "a" has half of a surrogate pair, which is no character; it is read as U+FFFD',
	]);
});

test('a body that begins like JSON and is not held is NULL with a warning; other text without', async () => {
	const {rows, warnings} = await load([
		{body: '{"a": 1'},
		{body: '[1]'},
		{body: 'plain'},
		{body: ''},
		{body: `{"a": ${'['.repeat(2000)}1${']'.repeat(2000)}}`},
	]);
	expect(rows.map(({body}) => body)).toEqual([null, null, null, null, null]);
	expect(warnings.map(({line}) => line).toSorted()).toEqual([2, 3, 6]);
	expect(warnings.map(({message}) => message)).toContain(
		'batch.csv, line 3: the body is NULL in input.webhooks: it is a list, and events: array is not set',
	);
});

test('the elements of a list, of a list in an envelope, and lines are a row each, with the line of their request', async () => {
	const bodies = async (requests: readonly Request[], events: string) =>
		(await load(requests, events)).rows.map(({line, item, body}) => [line, item, body]);
	expect(await bodies([{body: '[{"a": 1}, {"a": 2}]'}, {body: '{"a": 3}'}, {body: '[]'}], 'array')).toEqual([
		[2, 1, '{"a":1}'],
		[2, 2, '{"a":2}'],
		[3, 1, '{"a":3}'],
	]);
	expect(await bodies([{body: '{"a": 1}\n\n{"a": 2}\r\n'}], 'lines')).toEqual([
		[2, 1, '{"a":1}'],
		[2, 2, '{"a":2}'],
	]);
	expect(await bodies([{body: '{"id": 7, "data": {"events": [{"a": 1}, {"a": 2}]}}'}], 'data.events')).toEqual([
		[2, 1, '{"a":1}'],
		[2, 2, '{"a":2}'],
	]);
	const {rows, warnings} = await load([{body: '{"a": 1}'}, {body: '[{"a": 1}, 5]'}], 'events');
	expect(rows.map(({body}) => body)).toEqual([null, null]);
	expect(warnings.map(({line}) => line)).toEqual([2, 3]);
	expect((await load([{body: '[{"a": 1}, 5]'}], 'array')).warnings.map(({message}) => message)).toEqual([
		'batch.csv, line 2, item 2: the body is NULL in input.webhooks: it is no object',
	]);
});

test('forms and multipart bodies are objects: repeats are lists, a file is its name, type and size', async () => {
	const type = 'application/x-www-form-urlencoded';
	const read = await load([
		{type, body: 'name=Hi+%C3%A9+%2B+%26&tag=a&tag=b&empty=&n=12.10'},
		{type, body: 'name=caf%E9'},
		{
			type: 'multipart/form-data; boundary=XX',
			body: [
				'--XX',
				'Content-Disposition: form-data; name="note"',
				'',
				'two\r\nlines',
				'--XX',
				'Content-Disposition: form-data; name="file"; filename="a \\"b\\".png"',
				'Content-Type: image/png',
				'Content-Length: 300',
				'',
				'',
				'--XX',
				'Content-Disposition: form-data; name="file"; filename="é.txt"',
				'',
				'é',
				'--XX--',
				'',
			].join('\r\n'),
		},
		{type: 'multipart/form-data; boundary=XX', body: '--XX\r\nContent-Disposition: form-data; name="note"\r\n\r\ncut'},
	]);
	expect(read.rows.map(({body}) => (body === null ? null : JSON.parse(body)))).toEqual([
		{name: 'Hi é + &', tag: ['a', 'b'], empty: '', n: '12.10'},
		{name: 'café'},
		{
			note: 'two\r\nlines',
			file: [
				{filename: 'a "b".png', type: 'image/png', size: 300},
				{filename: 'é.txt', type: 'text/plain', size: 2},
			],
		},
		null,
	]);
	expect(read.warnings.map(({line}) => line).toSorted()).toEqual([3, 5]);
	expect((await load([{body: 'name=x'}], 'value', false)).rows[0]?.body).toBeNull();
});

type Leaf = {readonly path: string; readonly text: string};

/** Every value of a JSON text with its path, read token by token, those of repeated keys included. */
function leavesOf(text: string): readonly Leaf[] {
	const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
	const found: Leaf[] = [];
	let at = 0;
	const value = (path: string | null, isElement: boolean): void => {
		const token = tokens[at++] ?? '';
		if (token === '{') {
			for (; tokens[at] !== '}'; ) {
				if (tokens[at] === ',') at++;
				const key = JSON.parse(tokens[at++] ?? '') as string;
				at++;
				value(path === null ? key : `${path}.${key}`, false);
			}
			at++;
		} else if (token === '[') {
			let index = 0;
			for (; tokens[at] !== ']'; ) {
				if (tokens[at] === ',') at++;
				value(`${path ?? ''}[${++index}]`, true);
			}
			at++;
			if (index === 0) found.push({path: path ?? '', text: 'empty list'});
		} else if (token.startsWith('"')) found.push({path: path ?? '', text: JSON.parse(token) as string});
		// A member that is null is no member to the engine.
		else if (token !== 'null' || isElement)
			found.push({path: path ?? '', text: /^[-\d]/.test(token) ? (plainNumber(token) ?? token) : token});
	};
	value(null, false);
	return found;
}

/** A generator of random bodies. */
class RandomBody {
	constructor(private state: number) {}

	private below(limit: number): number {
		this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
		return Math.floor((this.state / 2 ** 32) * limit);
	}

	private pick<Value>(values: readonly [Value, ...Value[]]): Value {
		return values[this.below(values.length)] ?? values[0];
	}

	private digits(count: number): string {
		return String(this.below(9) + 1) + Array.from({length: count - 1}, () => this.below(10)).join('');
	}

	private number(): string {
		const sign = this.pick(['', '', '-']);
		const whole = this.pick(['0', this.digits(1), this.digits(5), this.digits(18), this.digits(19), this.digits(20), this.digits(30)]);
		const rest = this.pick(['', '', `.${this.digits(2)}`, '.10', '.0', `.${this.digits(25)}`]);
		return `${sign}${whole}${rest}${this.pick(['', '', '', 'e2', 'E+5', 'e-7', 'e400', 'e-400'])}`;
	}

	private text(): string {
		const plain = this.pick([
			'',
			'x',
			' 5 ',
			'12:30',
			'2026-01-01',
			'2026-01-01T10:00:00+02:00',
			'12.10',
			'true',
			'null',
			'1e5',
			'é😀',
			"it's",
			'a,b\n"c"',
			'\\N',
			'\u0000',
		]);
		return this.below(40) === 0 ? `"${this.pick(['\\ud800', 'x\\udc00', '\\ud83d\\ude00', '\\u0041', '\\/'])}"` : JSON.stringify(plain);
	}

	private key(): string {
		return JSON.stringify(
			this.below(30) === 0
				? this.pick(['', '.', 'a.b', 'b.a.c', ' ', 'é', '`x`', 'a[]', '__proto__', '^a', 'a"b'])
				: `${this.pick(['a', 'b', 'c', 'd', 'e'])}${this.below(this.below(30) === 0 ? 3 : 1_000_000)}`,
		);
	}

	private value(depth: number): string {
		const kind = this.below(depth > 6 ? 7 : 12);
		if (kind < 3) return this.number();
		if (kind < 6) return this.text();
		if (kind < 7) return this.pick(['true', 'false', 'null']);
		const space = this.pick(['', '', ' ', '\n\t']);
		if (kind < 9) return `[${Array.from({length: this.below(5)}, () => space + this.value(depth + 1)).join(',')}${space}]`;
		return this.object(depth + 1, this.below(6));
	}

	private object(depth: number, width: number): string {
		const space = this.pick(['', '', ' ', '\n']);
		return `{${Array.from({length: width}, () => `${space}${this.key()}${space}:${space}${this.value(depth)}`).join(',')}${space}}`;
	}

	body(): string {
		if (this.below(50) === 0) return this.object(5, 300);
		if (this.below(50) === 0) return `${'{"a":'.repeat(100)}${this.value(9)}${'}'.repeat(100)}`;
		return this.object(0, 1 + this.below(8));
	}
}

test('every value of a random body is there as text, or a warning names its line and path', async () => {
	const batches = process.env.SLUICE_LONG ? 80 : 6;
	for (let batch = 1; batch <= batches; batch++) {
		const random = new RandomBody(batch);
		const requests = Array.from({length: 25}, () => ({body: random.body()}));
		const {rows, warnings} = await load(requests);
		expect(warnings.every(({line}) => line !== undefined)).toBe(true);
		for (const [index, {body}] of requests.entries()) {
			const row = rows[index];
			const held = new Map(leavesOf(row?.body ?? '{}').map(({path, text}) => [path, text]));
			const said = warnings.filter(({line}) => line === index + 2).map(({message}) => message);
			const lost = leavesOf(body).filter(({path, text}) => held.get(path) !== text);
			const unnamed = lost.filter(({path}) => !said.some((message) => isNamed(message, path)));
			expect(unnamed, `batch ${batch}, line ${index + 2}: ${body}\n${row?.body}\n${said.join('\n')}`).toEqual([]);
		}
	}
}, 600_000);

/** Whether a warning names the path, or one that it begins with. */
function isNamed(message: string, path: string): boolean {
	const quoted = /line \d+: (".*?(?<!\\)") (?:comes|has half|is null)/.exec(message)?.[1];
	return quoted !== undefined && path.replace(/\p{Surrogate}/gu, '\uFFFD').startsWith(JSON.parse(quoted) as string);
}

test('each of more than a hundred warnings is kept by its event', async () => {
	const lists = Array.from({length: 70}, () => ({body: '[{"a": 1, "a": 2}, {"a": 3}, {"a": 4, "a": 5}]'}));
	const {warnings} = await load(lists, 'array');
	expect(warnings).toHaveLength(101);
	await keepBodyNotes(worker, null);
	const byItem = 'SELECT line, item, length(notes) AS notes FROM run.`intake:item_notes` ORDER BY line, item';
	const kept = await worker.rows<{line: string; item: number; notes: string}>(byItem);
	expect(kept.map(({line, item, notes}) => [Number(line), item, Number(notes)])).toEqual(
		lists.flatMap((_, index) => [
			[index + 2, 1, 1],
			[index + 2, 3, 1],
		]),
	);
});

test('a row of a whole request names ten of its warnings and says how many more there are', async () => {
	await load([{body: JSON.stringify(Array.from({length: 12}, () => 1))}], 'array');
	await keepBodyNotes(worker, null);
	const [kept] = await worker.rows<{notes: readonly string[]}>('SELECT notes FROM run.`intake:notes`');
	expect(kept?.notes).toHaveLength(11);
	expect(kept?.notes.slice(8)).toEqual([
		'batch.csv, line 2, item 9: the body is NULL in input.webhooks: it is no object',
		'batch.csv, line 2, item 10: the body is NULL in input.webhooks: it is no object',
		'2 more warnings of the same request',
	]);
});
