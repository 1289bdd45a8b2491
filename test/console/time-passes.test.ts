import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, afterEach, beforeAll, expect, test} from 'vitest';
import type {Execution} from '../../source/model/execution.js';
import {itemsWorkspace, type TestWorkspace} from '../whole/workspace.js';
import {Screen} from './support/screen.js';

/* What a screen tells while time passes and nobody presses a key: a run ends, a mail is delivered, the terminal goes, the daemon dies. */

const enter = '\r';
const confirm = '\u0019';
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

let workspace: TestWorkspace;
let screen: Screen;

beforeAll(async () => {
	workspace = itemsWorkspace(1);
	const file = 'connectors/items/connector.yaml';
	workspace.write(
		file,
		workspace.read(file).replace('chunk_size: 1', 'chunk_size: 1, notification_emails: [ops@example.com], notify_on: all'),
	);
	await workspace.client();
	await workspace.cli('activate', 'items');
});

afterEach(() => screen.close());
afterAll(() => workspace.close());

/** Runs a file of one row. */
async function runRow(code: string): Promise<void> {
	workspace.write(`${code}.csv`, `code,name\n${code},n\n`);
	await workspace.run('items', `${code}.csv`);
}

test('deliveries, history and records show what happens while they are looked at', async () => {
	screen = Screen.console(workspace.dir, {columns: 120, rows: 40});
	await screen.until('CONNECTORS');
	screen.write(`:deliveries${enter}`);
	await screen.until('Nothing was sent yet');
	await runRow('first');
	await screen.until(/✓ delivered +mail +ops@example\.com/);
	screen.write(enter);
	await screen.until(/\(UTC\):\s.*\n.*\d\d:\d\d:\d\d {2}it arrived/);
	screen.write('\u001b');
	await screen.until(() => !screen.text.includes('it arrived'));
	screen.write(`:history${enter}`);
	await screen.until(/ended +items/);
	await runRow('second');
	await screen.until(/ended +items[\s\S]*ended +items/);
	screen.write(`:records items${enter}`);
	await screen.until('2 active records');
	await runRow('third');
	await screen.until('3 active records');
	await workspace.cli('archive', 'items', 'third');
	await screen.until('2 active records');
});

test('that a run was started is not said when it has ended', async () => {
	screen = Screen.console(workspace.dir);
	await screen.until('CONNECTORS');
	workspace.write('many.csv', `code,name\n${Array.from({length: 300}, (_, row) => `M${row},n`).join('\n')}\n`);
	screen.write(`:run items --input many.csv${enter}`);
	await screen.until('(•) LIVE');
	screen.write(enter);
	await screen.until(/ is (queued|running)|✓ completed/);
	await screen.until(/✓ completed/);
	await screen.until(() => !/ is (queued|running)/.test(screen.text));
});

test('a run whose rows errored says so, and once it is acknowledged nothing needs anybody', async () => {
	workspace.write('long.csv', `code,name\n${'x'.repeat(300)},n\nok,n\n`);
	await workspace.run('items', 'long.csv');
	const client = await workspace.client();
	expect((await client.values('last', 'load:1', 'outcome', 10, {outcome: 'errored'})).items).toEqual([{value: 'errored', rows: 1}]);
	expect((await client.values('last', 'load:1', 'outcome', 10, {column: 'code', value: 'ok'})).items).toEqual([
		{value: 'created', rows: 1},
	]);
	expect(await workspace.json(['rows', 'last', 'load:1', '--where', 'code=ok'])).toMatchObject([{row: 2, outcome: 'created'}]);
	expect(await workspace.json(['rows', 'last', 'load:1', '--sort', 'row', '--descending'])).toMatchObject([{row: 2}, {row: 1}]);
	expect(await workspace.json(['executions', '--find', 'LONG.CSV'])).toMatchObject([{input_file: 'long.csv'}]);
	screen = Screen.console(workspace.dir, {columns: 80, rows: 24});
	await screen.until('NEEDS YOU  1');
	screen.write(enter);
	await screen.until(/! warning|warning +items/);
	screen.write('x');
	await screen.until(/Rows that were not taken over[\s\S]*1 row errored/);
	screen.write('\u001b');
	await screen.until(() => !screen.text.includes('Rows that were not'));
	screen.write('m6');
	await screen.until('Acknowledge these errored rows?');
	screen.write(confirm);
	await screen.until('is acknowledged');
	screen.write('~');
	await screen.until('nothing needs you');
});

type Doing = {readonly doing: string; readonly words?: readonly string[]; readonly press?: string; readonly seen: string | RegExp};

const doings: readonly Doing[] = [
	{doing: 'shows Home', seen: 'CONNECTORS'},
	{doing: 'shows a dialog', press: `:deactivate items${enter}`, seen: 'Deactivate items?'},
	{doing: 'has given the terminal to an editor', press: `:connectors${enter}e`, seen: 'the editor has it'},
	{doing: 'is the wallboard', words: ['wall'], seen: 'sluice wall'},
	{doing: 'reads aloud', words: ['--accessible'], seen: 'A number, down or up'},
];

test.each(doings)('a console that $doing leaves quietly when its terminal vanishes', async ({words = [], press, seen}) => {
	const told = join(workspace.dir, 'told');
	const editor = workspace.write('editor.sh', '#!/bin/bash\necho the editor has it\nread line 2> /dev/null\n');
	// The shell outlives its terminal and tells how the program ended.
	const script = `trap : HUP; "$@" 2> "${told}.err"; echo "ended $?" > "${told}"`;
	screen = new Screen({
		words: ['bash', '-c', script, 'bash', process.execPath, cli, ...words, '--workspace', workspace.dir],
		cwd: workspace.dir,
		environment: {EDITOR: `bash ${editor}`, VISUAL: ''},
	});
	if (press !== undefined) {
		await screen.until('CONNECTORS');
		screen.write(press);
	}
	await screen.until(seen);
	screen.vanish();
	await screen.exited;
	expect(readFileSync(`${told}.err`, 'utf8')).toBe('');
	expect(readFileSync(told, 'utf8')).toMatch(/^ended (129|0)\n$/);
});

test('a daemon that dies takes what was said of it along, and how to start it is said instead', async () => {
	screen = Screen.console(workspace.dir);
	await screen.until('CONNECTORS');
	workspace.write('long-run.csv', `code,name\n${Array.from({length: 50_000}, (_, row) => `L${row},n`).join('\n')}\n`);
	screen.write(`:run items --input long-run.csv${enter}`);
	await screen.until('(•) LIVE');
	screen.write(enter);
	await screen.until(/▶ running/);
	for (const pid of workspace.pids('daemon')) process.kill(pid, 'SIGKILL');
	await screen.until(/STALE: shown as of .* ago/);
	await screen.until('Start it: sluice daemon start');
	expect(screen.text).not.toMatch(/ is (queued|running)/);
	await workspace.client();
	await screen.until(() => !screen.text.includes('STALE'));
	await workspace.cli('cancel', 'last');
});

test('from an SQL failure e opens the script at the line of the error', async () => {
	const items = workspace.read('connectors/items/connector.yaml');
	workspace.write('connectors/broken/connector.yaml', `${items}sql: transform.sql\n`);
	workspace.write('connectors/broken/sample.csv', 'code,name\nA,a\n');
	const sql = workspace.write(
		'connectors/broken/transform.sql',
		'CREATE TABLE output.items ORDER BY tuple() AS SELECT code, name FROM input.sample_csv;\n\nSELECT throwIf(1);\n',
	);
	const [failed] = await workspace.json<Execution>(['run', 'broken', '--dry-run', '--accept-incomplete'], [1]);
	expect(failed).toMatchObject({status: 'failed', error: {code: 'sql.failed', where: expect.stringMatching(/transform\.sql:3(:|$)/)}});
	const editor = workspace.write('show-words.sh', '#!/bin/bash\necho "opened with: $*"\nread line 2> /dev/null\n');
	screen = Screen.console(workspace.dir, {columns: 120, rows: 40, environment: {EDITOR: `bash ${editor}`, VISUAL: ''}});
	await screen.until('CONNECTORS');
	screen.write(`:show ${failed?.id}${enter}`);
	await screen.until(/Where .*transform\.sql:3/);
	screen.write('e');
	await screen.until(() => screen.lines.join('').includes(`opened with: +3 ${sql}`));
});
