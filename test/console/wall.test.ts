import {afterAll, afterEach, beforeAll, expect, test} from 'vitest';
import {itemsWorkspace, type TestWorkspace} from '../whole/workspace.js';
import {Screen} from './support/screen.js';

let workspace: TestWorkspace;
let screen: Screen;

beforeAll(async () => {
	workspace = itemsWorkspace(2);
	await workspace.client();
	await workspace.cli('activate', 'items');
	workspace.write('good.csv', 'code,name\nA,a\nB,b\nC,c\n');
	workspace.write('{red-fg}evil\u001b[2J\u202e.csv', 'code,name\nA,"a\n');
});

afterAll(() => workspace.close());
afterEach(() => screen.close());

function wall(more: Partial<ConstructorParameters<typeof Screen>[0]> = {}): Screen {
	const words = [process.execPath, `${process.cwd()}/dist/cli.js`, 'wall', '--workspace', workspace.dir];
	screen = new Screen({words, cwd: workspace.dir, ...more});
	return screen;
}

test('it shows what runs, what the logs say and what failed, and q gives the terminal back', async () => {
	wall({columns: 120, rows: 40});
	await screen.until('success');
	expect(screen.terminal.buffer.active.type).toBe('alternate');
	await workspace.run('items', 'good.csv');
	await screen.until(/1 of 1/);
	await screen.until(/items .*3 rows/);
	await workspace.run('items', '{red-fg}evil\u001b[2J\u202e.csv');
	await screen.until(/✗ items/);
	screen.write('q');
	expect(await screen.exited).toBe(0);
	expect(screen.terminal.buffer.active.type).toBe('normal');
	expect(screen.text.trim()).toBe('');
	expect(screen.sent.endsWith('\u001b[?1049l')).toBe(true);
	expect(screen.sent.lastIndexOf('\u001b[?25h')).toBeGreaterThan(screen.sent.lastIndexOf('\u001b[?25l'));
});

test('text from data neither drives the terminal nor is taken for tags', async () => {
	wall({columns: 240, rows: 40});
	await screen.until(/✗ items/);
	await screen.until('{red-fg}evil␛[2J·');
	expect(screen.sent).not.toContain('evil\u001b[2J');
	expect(screen.lines[0]).toContain('sluice wall');
});

test('below 80x24 one line says so, and the panels come back with the room', async () => {
	wall();
	await screen.until('running now');
	screen.resize(70, 20);
	await screen.until('Terminal too small: 70x20');
	expect(screen.lines.filter((line) => line.trim() !== '')).toHaveLength(1);
	screen.resize(80, 24);
	await screen.until('running now');
	expect(screen.text).toContain('last failures');
});

test('without colours none is sent, and without Unicode the charts are bars of ASCII', async () => {
	wall({environment: {NO_COLOR: '1', LANG: 'C', LC_ALL: 'C'}});
	await screen.until('now 0   most');
	// biome-ignore lint/suspicious/noControlCharactersInRegex: a sequence begins with one.
	expect(screen.sent).not.toMatch(/\u001b\[[\d;]*(3[0-8]|4[0-8]|9\d|10\d)(;[\d;]*)?m/);
	expect(screen.text).not.toMatch(/[\u2800-\u28ff]/);
});

test.each([
	['SIGTERM', 143],
	['SIGHUP', 129],
])('%s gives the terminal back', async (signal, code) => {
	wall();
	await screen.until('running now');
	screen.kill(signal);
	expect(await screen.exited).toBe(code);
	expect(screen.terminal.buffer.active.type).toBe('normal');
	expect(screen.sent.lastIndexOf('\u001b[?25h')).toBeGreaterThan(screen.sent.lastIndexOf('\u001b[?25l'));
});

test('a daemon that is gone is said with the age of the picture, and found again', async () => {
	wall();
	await screen.until('● daemon');
	for (const pid of workspace.pids('daemon')) process.kill(pid, 'SIGKILL');
	await screen.until(/STALE: shown as of .* ago/);
	expect(screen.text).toContain('running now');
	await workspace.client();
	await screen.until('● daemon');
});

test('without a terminal it is the status, with a hint', async () => {
	const said = await workspace.cli('wall');
	expect(said).toMatchObject({code: 0});
	expect(said.out).toContain('items');
	expect(said.err).toContain('On a terminal `sluice wall` fills the screen');
});
