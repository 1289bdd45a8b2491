import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {RecordView} from '../../source/api/contract.js';
import type {Execution} from '../../source/model/execution.js';
import {TestWorkspace} from './workspace.js';

/*
 * Export -> import of the same object gives zero changes: every field type, every format that can be imported, texts that were made to break
 * one of them.
 */

const formats = ['csv', 'xlsx', 'jsonl', 'parquet'] as const;

const texts = [
	'=1+1',
	'+49 30 1',
	'-1',
	'@SUM(A1)',
	'"quoted", and \'so\'',
	'two\nlines',
	'two\r\nlines',
	'\\N',
	'0012',
	'e\u0301 \u00e9 \u{1f600} \u{1f468}\u200d\u{1f469}',
	'a,b;c|d\te',
	'_x0041_ and _x000D_',
	'NULL',
	'null',
	"'0012",
	'bell \u0007 and \u001b[31m',
	'<b>&amp;</b>',
	'true',
	'1e3',
	'12345678901234567890',
	'2026-02-30',
	'{"a": [1]}',
	'["a"]',
	'back\\slash \\" \\n',
] as const;

type FieldOf = {readonly yaml: string; readonly variable: string; readonly value: (row: number) => unknown};

const id = (row: number) => `0190a000-0000-7000-8000-${String(row).padStart(12, '0')}`;
const pick = <Item>(items: readonly Item[], row: number): Item => items[row % items.length] as Item;

const fields: Readonly<Record<string, FieldOf>> = {
	code: {yaml: 'type: text, identifier: true', variable: 'type: string, required: true', value: (row) => `${texts[row] ?? 'row'} ${row}`},
	note: {yaml: 'type: longtext', variable: 'type: string', value: (row) => texts[row]},
	mail: {yaml: 'type: email', variable: 'type: email', value: (row) => `o'neil+${row}@example.com`},
	phone: {yaml: 'type: phone_number', variable: 'type: phone_number', value: (row) => `+3312345678${row % 10}`},
	site: {yaml: 'type: url', variable: 'type: string', value: (row) => `https://example.com/?q=${row}&r="=a"`},
	whole: {
		yaml: 'type: integer',
		variable: 'type: number',
		value: (row) => pick(['9223372036854775807', '-9223372036854775808', '0', '42'], row),
	},
	exact: {
		yaml: 'type: decimal',
		variable: 'type: number',
		value: (row) => pick(['0.10', '-12345678901234567890.123456789', '7', '1.50'], row),
	},
	price: {yaml: 'type: money', variable: 'type: number', value: (row) => pick(['9.90', '1000000.00', '-0.01'], row)},
	stars: {yaml: 'type: rating', variable: 'type: number', value: (row) => pick(['1', '4', '5'], row)},
	ticked: {yaml: 'type: checkbox', variable: 'type: boolean', value: (row) => row % 2 === 0},
	sure: {yaml: 'type: yes_no_maybe', variable: 'type: boolean, input_format: yes_no', value: (row) => pick(['yes', 'no'], row)},
	day: {
		yaml: 'type: date',
		variable: 'type: date',
		value: (row) => pick(['2024-02-29', '1900-01-01', '0001-01-01', '9999-12-31', '1969-12-31'], row),
	},
	at: {
		yaml: 'type: datetime',
		variable: 'type: datetime',
		value: (row) =>
			pick(
				[
					'2026-03-29T01:30:00.123Z',
					'2026-11-01T05:30:00.000Z',
					'2026-11-01T06:30:00.000Z',
					'1899-12-31T23:59:59.999Z',
					'2400-01-01T00:00:00.000Z',
					'1970-01-01T00:00:00.000Z',
				],
				row,
			),
	},
	tier: {
		yaml: "type: dropdown, options: [Gold, 'Sil;ver', '=Tin']",
		variable: 'type: string',
		value: (row) => pick(['Gold', 'Sil;ver', '=Tin'], row),
	},
	size: {yaml: "type: radio, options: ['0', '00', S]", variable: 'type: string', value: (row) => pick(['0', '00', 'S'], row)},
	boxes: {
		yaml: "type: checkboxes, options: ['a,b', 'c]d', 'e\"f']",
		variable: "type: string, array: true, delimiter: '[]'",
		value: (row) => pick([['a,b'], ['c]d', 'e"f'], []], row),
	},
	tags: {
		yaml: 'type: dynamic_tags',
		variable: "type: string, array: true, delimiter: '[]'",
		value: (row) => (row % 5 === 0 ? [] : [texts[row], 'x', "it's"]),
	},
	parent: {yaml: 'type: relationship, object: towns', variable: 'type: string', value: (row) => pick(['Paris', 'Rome; Italy', null], row)},
	many: {
		yaml: 'type: relationship, object: towns, multiple: true',
		variable: "type: string, array: true, delimiter: '[]'",
		value: (row) => pick([['Paris', 'Rome; Italy'], ['Rome; Italy'], []], row),
	},
	ident: {yaml: 'type: uuid', variable: 'type: uuid', value: id},
};

const names = Object.keys(fields);
const connector = (variableOf: (name: string) => string) => `name: Things
type: spreadsheet
object: things
sample_file: sample.jsonl
variables:
${names.map((name) => `  - {name: ${name}, column: ${name}, ${variableOf(name)}}`).join('\n')}
load_steps:
  - name: Things
    object: things
    matching: [{field: code, variable: code}]
    mapping:
${names.map((name) => `      - {field: ${name}, variables: [${name}], conflict: overwrite${name === 'tier' ? ', create_options: false' : ''}}`).join('\n')}
`;

const rows = texts.map((_, row) => Object.fromEntries(names.map((name) => [name, fields[name]?.value(row)])));
const jsonl = rows.map((row) => JSON.stringify(row)).join('\n');
let workspace: TestWorkspace;

beforeAll(async () => {
	workspace = new TestWorkspace({
		'sluice.yaml': 'name: test\ntimezone: America/New_York\ndefault_country: FR\n',
		'objects/towns.yaml': 'name: Towns\nfields:\n  - {api_name: name, name: Name, type: text, identifier: true}\n',
		'objects/things.yaml': `name: Things
fields:
${names.map((name) => `  - {api_name: ${name}, name: ${name}, ${fields[name]?.yaml}}`).join('\n')}
filter_groups:
  - {api_name: ticked, name: Ticked, where: {all: [{field: ticked, is: "=", value: true}]}}
`,
		'connectors/towns/sample.csv': 'name\nParis\nRome; Italy\n',
		'connectors/towns/connector.yaml':
			'name: Towns\ntype: spreadsheet\nobject: towns\nsample_file: sample.csv\nvariables:\n  - {name: name, column: name, type: string, required: true}\nload_steps:\n  - name: Towns\n    object: towns\n    matching: [{field: name, variable: name}]\n    mapping: [{field: name, variables: [name]}]\n',
		'connectors/things/sample.jsonl': `${jsonl}\n`,
		'connectors/things/connector.yaml': connector((name) => fields[name]?.variable ?? ''),
		...Object.fromEntries(
			formats.map((format) => [
				`connectors/out_${format}/connector.yaml`,
				`name: Out\noperation: export\nexport: {object: things, format: ${format}, to: "out/{object}.${format}"}\n`,
			]),
		),
		'connectors/out_group/connector.yaml':
			'name: Out\noperation: export\nexport: {object: things, filter_group: ticked, fields: [whole, code], format: jsonl, to: "out/group.jsonl"}\n',
	});
	for (const name of ['towns', 'things', 'out_group', ...formats.map((format) => `out_${format}`)]) {
		const {code, err} = await workspace.cli('activate', name);
		if (code !== 0) throw new Error(`${name}: ${err}`);
	}
	await workspace.run('towns', 'connectors/towns/sample.csv');
	const first = await workspace.run('things', 'connectors/things/sample.jsonl');
	expect(first.counts).toEqual({created: rows.length, updated: 0, skipped: 0, errored: 0, warnings: 0});
}, 60_000);

afterAll(() => workspace.close());

test.each(process.env.SLUICE_LONG ? formats : formats.filter((format) => format !== 'parquet'))(
	'an export to %s, imported again, changes nothing',
	async (format) => {
		const [exported] = await workspace.json<Execution>(['run', `out_${format}`]);
		const target = join(workspace.dir, 'out', `things.${format}`);
		expect([exported?.status, exported?.operation, exported?.objects]).toEqual(['completed', 'export', ['things']]);
		expect(exported?.stages.map(({stage, state, rows: count}) => [stage, state, count])).toEqual([
			['sql', 'completed', rows.length],
			['export', 'completed', rows.length],
			['report', 'completed', null],
		]);
		expect(exported?.artifacts.export).toBe(target);
		const again = await workspace.run('things', target);
		const reasons = await workspace.json<{reason: string; warnings: readonly string[]; changes: unknown}>(['rows', again.id, 'load:1']);
		expect([...new Set(reasons.map(({reason, warnings, changes}) => `${reason} ${warnings.join()}${JSON.stringify(changes)}`))]).toEqual([
			'no change {}',
		]);
		expect(again.counts).toEqual({created: 0, updated: 0, skipped: rows.length, errored: 0, warnings: 0});
	},
	60_000,
);

test('a line of JSON holds the values that `records --json` prints, blank ones as null', async () => {
	const records = await workspace.json<RecordView>(['records', 'things', '--limit', '1000']);
	const lines = readFileSync(join(workspace.dir, 'out/things.jsonl'), 'utf8').trimEnd().split('\n');
	const written = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
	expect(written.map((line) => Object.keys(line))).toEqual(lines.map(() => names));
	const present = written.map((line) =>
		Object.fromEntries(Object.entries(line).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))),
	);
	expect(present.reverse()).toEqual(records.map(({fields: held}) => held));
	expect(lines.some((line) => line.includes('"whole":9223372036854775807,'))).toBe(true);
});

test('a filter group and fields narrow an export', async () => {
	const [exported] = await workspace.json<Execution>(['run', 'out_group']);
	const lines = readFileSync(exported?.artifacts.export ?? '', 'utf8')
		.trimEnd()
		.split('\n');
	expect(lines).toHaveLength(rows.length / 2);
	expect(Object.keys(JSON.parse(lines[0] ?? '') as object)).toEqual(['whole', 'code']);
	expect(existsSync(join(workspace.dir, 'out/.group.jsonl'))).toBe(false);
});
