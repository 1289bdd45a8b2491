import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {Screen} from './support/screen.js';

const program = fileURLToPath(new URL('programs/draw.mjs', import.meta.url));

let dir: string;
let screen: Screen;

beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), 'sluice-leaving-'));
});

afterEach(async () => {
	await screen.close();
	rmSync(dir, {recursive: true, force: true});
});

type Way = {readonly way: string; readonly press?: string; readonly signal?: string; readonly code: number; readonly says?: string};

const ways: readonly Way[] = [
	{way: 'unmount', press: 'x', code: 0},
	{way: 'throw-in-render', code: 70, says: 'sluice: internal error: thrown while drawing'},
	{way: 'throw-in-timer', press: 'x', code: 70, says: 'sluice: internal error: thrown in a timer'},
	{way: 'rejected-promise', press: 'x', code: 70, says: 'sluice: internal error: nobody caught this'},
	{way: 'process-exit', press: 'x', code: 3},
	{way: 'SIGTERM', signal: 'TERM', code: 143},
	{way: 'SIGHUP', signal: 'HUP', code: 129},
	{way: 'SIGINT', signal: 'INT', code: 130},
	{way: 'Ctrl-C', press: '\u0003', code: 0},
];

test.each(ways)('after $way the terminal is as it was, and what went wrong can be read', async ({way, press, signal, code, says}) => {
	// why: one shell for the whole life, so that what it finds before and after is the same terminal.
	const script = [
		'echo before; stty -a > "$1/before"',
		'"$2" "$3" "$4" "$1/pid"; echo "ended $?"',
		'stty -a > "$1/after"; echo after; read line',
	].join('\n');
	screen = new Screen({words: ['bash', '-c', script, 'bash', dir, process.execPath, program, way]});
	if (press !== undefined || signal !== undefined) {
		await screen.until('drawn');
		expect(screen.terminal.buffer.active.type).toBe('alternate');
		if (press !== undefined) screen.write(press);
		else process.kill(Number(readFileSync(join(dir, 'pid'), 'utf8')), `SIG${signal}`);
	}
	await screen.until('after');
	expect(screen.text).toContain('before');
	expect(screen.text).toContain(`ended ${code}`);
	if (says) expect(screen.text).toContain(says);
	expect(screen.text).not.toContain('drawn');
	expect(screen.terminal.buffer.active.type).toBe('normal');
	expect(readFileSync(join(dir, 'after'), 'utf8')).toBe(readFileSync(join(dir, 'before'), 'utf8'));
	expect(screen.terminal.modes.bracketedPasteMode).toBe(false);
	expect(screen.sent.lastIndexOf('\u001b[?25h')).toBeGreaterThan(screen.sent.lastIndexOf('\u001b[?25l'));
});
