import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {demoWorkspace, itemsWorkspace, type TestWorkspace} from '../whole/workspace.js';
import {Screen} from './support/screen.js';

/*
 * The days of SPEC 0's four people, keyboard alone, on the smallest terminal: 80x24. SLUICE_DAYS=120x40 takes another, and each day
 * prints how many keys it took.
 */
const [columns = 80, rows = 24] = (process.env.SLUICE_DAYS ?? '80x24').split('x').map(Number);

let workspace: TestWorkspace;
let screen: Screen;

afterEach(async ({task}) => {
	if (process.env.SLUICE_DAYS) process.stdout.write(`${columns}x${rows}, ${pressed} keys: ${task.name}\n`);
	await screen.close();
	await workspace.close();
});

const enter = '\r';
const back = '\u001b';
const confirm = '\u0019';
const right = '\u001b[C';
const left = '\u001b[D';

/** Keys pressed since the console was opened; a sequence is one. */
let pressed = 0;

function write(keys: string): void {
	const sequences = keys.split('\u001b[').length - 1;
	pressed += keys.length - 2 * sequences;
	screen.write(keys);
}

function openConsole(environment: Readonly<Record<string, string>> = {}): void {
	screen = Screen.console(workspace.dir, {columns, rows, environment});
	pressed = 0;
}

/** Presses keys one after another, each once the screen shows what the one before led to. */
async function press(...steps: readonly (readonly [keys: string, seen: string | RegExp | (() => boolean)])[]): Promise<void> {
	for (const [keys, seen] of steps) {
		write(keys);
		await screen.until(seen);
		expect(screen.lines.filter((line) => [...line].length > columns)).toEqual([]);
	}
}

test('an operator finds why a run failed, acknowledges it, and cancels one that runs', async () => {
	workspace = itemsWorkspace(1);
	await workspace.client();
	await workspace.cli('activate', 'items');
	workspace.write('bad.csv', 'code,name\nA,"a\n');
	workspace.write('big.csv', `code,name\n${Array.from({length: 100_000}, (_, row) => `C${row},n`).join('\n')}\n`);
	await workspace.run('items', 'bad.csv');
	await workspace.cli('run', 'items', '--input', join(workspace.dir, 'big.csv'), '--detach');
	openConsole();
	await screen.until(/✗ failed +items/);
	await press(
		[enter, 'What went wrong'],
		['x', /Go through:[\s\S]*No row was skipped/],
		[back, () => !/Go through/.test(screen.text)],
		['m', 'Acknowledge'],
		['6', 'Acknowledge this failure?'],
		[confirm, 'is acknowledged'],
		[back, () => /NEEDS YOU/.test(screen.text) && !/A quote opened/.test(screen.text)],
	);
	await press(['g', /▌ ▶ running/], [enter, /stage.*chunks|▶ running +Items/]);
	await press(['c', 'Cancel this live run?'], [confirm, /■ cancelled/]);
	expect(screen.text).toContain('created');
});

test('an administrator deactivates, sees three runs pile up, cancels one of them and activates again', async () => {
	workspace = itemsWorkspace(10);
	await workspace.client();
	await workspace.cli('activate', 'items');
	openConsole();
	await screen.until('CONNECTORS');
	await press([enter, 'nothing keeps it'], ['t', 'Deactivate items?'], [confirm, 'Inactive'], [back, 'CONNECTORS']);
	for (const name of ['one', 'two', 'three']) {
		workspace.write(`${name}.csv`, `code,name\n${name},x\n`);
		await workspace.cli('run', 'items', '--input', join(workspace.dir, `${name}.csv`), '--detach');
	}
	await screen.until('3 executions wait for activation');
	await press(['g', /▌.*review/], [enter, 'three.csv']);
	await press(['K', /keep.*[\s\S]*keep.*[\s\S]*keep/], ['\u001b[B', /▌.*two\.csv/], ['c', /cancel +.*two\.csv/], ['a', 'activate']);
	await press([confirm, () => !/Activate items\?/.test(screen.text)]);
	const client = await workspace.client();
	await screen.until(/operational|Operational|active/);
	write('~');
	await screen.until(() => /✓ completed +items[\s\S]*✓ completed +items/.test(screen.text));
	const {items} = await client.executions({connector: 'items'});
	expect(items.map(({input_file: file, status}) => [file, status])).toEqual([
		['three.csv', 'completed'],
		['two.csv', 'cancelled'],
		['one.csv', 'completed'],
	]);
});

test('a developer steps through a dry run down to one row, mends the SQL in $EDITOR, sees it validated again and runs it dry once more', async () => {
	workspace = await demoWorkspace();
	const sql = 'connectors/vendor_products/transform.sql';
	const right80 = readFileSync(join(workspace.dir, sql), 'utf8');
	workspace.write(sql, right80.replace('unit_price AS price', 'left(unit_price, 1) AS price'));
	const editor = workspace.write(
		'editor.sh',
		`#!/bin/sh\nfor file; do :; done\nsed -i 's/left(unit_price, 1) AS/unit_price AS/' "$file"\n`,
	);
	openConsole({EDITOR: `sh ${editor}`, VISUAL: ''});
	await screen.until('CONNECTORS');
	const dryRun: readonly (readonly [string, string | RegExp])[] = [
		[':run vendor_products --dry-run\r', 'Enter will do this'],
		[enter, /! warning +vendor_products +dry run/],
	];
	const tables: readonly (readonly [string, string | RegExp])[] = [
		['t', /row +line/],
		[']]]]]]]', /\[load:3\][\s\S]*row 1 of 10/],
		['/000125', '/000125'],
		[enter, 'row 1 of'],
		[enter, 'Row 3 of products'],
	];
	const sqlPage: readonly (readonly [string, string | RegExp])[] = [
		[':connector vendor_products\r', '[Overview]'],
		[right + right + right + right + right, '[SQL]'],
	];
	await press(...sqlPage, ['', /✓ .*transform\.sql is validated as it stands/], ...dryRun, ...tables);
	await press([left, '[Variables'], ['h', '[SQL output'], ['l', '[Variables']);
	const wrong = screen.text;
	await press(...sqlPage, [
		'e',
		() => /✓ .*transform\.sql is validated as it stands/.test(screen.text) && readFileSync(join(workspace.dir, sql), 'utf8') === right80,
	]);
	await press(...dryRun, ...tables, [left, '[Variables']);
	expect(screen.text).not.toBe(wrong);
});

test.runIf(process.env.SLUICE_LONG)(
	'support finds a customer by value, reads what happened to the row, and hands over report and SQL output',
	async () => {
		workspace = await demoWorkspace();
		await workspace.run('contacts', 'connectors/contacts/contacts.csv');
		openConsole();
		await screen.until('CONNECTORS');
		await press(
			['f', 'Find the rows that hold'],
			['Lucía\r', /1 row/],
			[enter, /Row \d+ of input/],
			[back, () => !/Row \d/.test(screen.text)],
		);
		await press(
			['~', 'CONNECTORS'],
			['e', /Executions[\s\S]*(! warning|✓ completed) +contacts/],
			['m', 'Download XLS report'],
			['1', 'Write to:'],
		);
		await press(['report.xlsx\r', /Written[\s\S]*report\.xlsx/], [back, () => !/Written/.test(screen.text)]);
		await press(['m', 'Download SQL output'], ['2', 'Write to:'], ['rows.zip\r', /Written[\s\S]*rows\.zip/]);
		expect(statSync(join(workspace.dir, 'report.xlsx')).size).toBeGreaterThan(1_000);
		expect(statSync(join(workspace.dir, 'rows.zip')).size).toBeGreaterThan(100);
	},
);
