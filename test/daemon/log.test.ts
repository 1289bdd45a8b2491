import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {ExecutionLogs} from '../../source/daemon/dispatch/execution-log.js';
import {pathsOf} from '../../source/daemon/paths.js';
import {RepeatedLines} from '../../source/daemon/repeated-lines.js';
import {RotatedFile} from '../../source/daemon/rotated-file.js';
import {plainLine} from '../../source/engine/intake/line/plain-line.js';

const line = (second: number, message: string) =>
	`{"level":50,"time":"2026-11-20T10:00:${String(second).padStart(2, '0')}Z","msg":"${message}"}\n`;

test('a line that comes again within a minute is counted, and told with its count when the minute is over', () => {
	const lines = new RepeatedLines();
	expect(lines.of(line(0, 'a request failed'), 0)).toBe(line(0, 'a request failed'));
	for (let count = 1; count <= 10_000; count++) expect(lines.of(line(count % 60, 'a request failed'), count)).toBe('');
	expect(lines.of(line(1, 'another'), 20_000)).toBe(line(1, 'another'));
	expect(lines.rest(59_999)).toBe('');
	expect(lines.rest(60_000)).toBe('{"level":50,"time":"2026-11-20T10:00:00Z","msg":"a request failed","repeated":10000}\n');
	expect(lines.of(line(5, 'a request failed'), 60_001)).toBe(line(5, 'a request failed'));
	expect(lines.rest()).toBe('');
});

test('a thousand different lines are not all remembered, and no count of theirs is lost', () => {
	const lines = new RepeatedLines();
	let written = '';
	for (let number = 0; number < 1_000; number++) written += lines.of(line(0, `${number}`), 0) + lines.of(line(1, `${number}`), 0);
	written += lines.rest();
	expect(written.match(/"repeated":1\}/g)).toHaveLength(1_000);
	expect(written.split('\n')).toHaveLength(2_001);
});

let folder = '';
afterEach(() => rmSync(folder, {recursive: true, force: true}));

test('the log is turned over at its size, three are kept, and no line of those is lost or cut', async () => {
	folder = mkdtempSync(join(tmpdir(), 'sluice-log-'));
	const file = new RotatedFile(join(folder, 'daemon.log'), {largestBytes: 1_000, kept: 3});
	const flushed = (): Promise<void> => new Promise((resolve, reject) => file.flush((error) => (error ? reject(error) : resolve())));
	for (let number = 0; number < 400; number++) {
		file.write(`line ${String(number).padStart(4, '0')}\n`);
		if (number % 7 === 0) await flushed();
	}
	await flushed();
	const names = readdirSync(folder).sort();
	expect(names).toEqual(['daemon.log', 'daemon.log.1', 'daemon.log.2', 'daemon.log.3']);
	// What was on its way when the file was turned over still goes to it.
	for (const name of names) expect(statSync(join(folder, name)).size).toBeLessThan(1_100);
	const numbers = names.toReversed().flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'));
	const first = 400 - numbers.length;
	expect(numbers.length).toBeGreaterThan(300);
	expect(numbers).toEqual(Array.from(numbers, (_, index) => `line ${String(first + index).padStart(4, '0')}`));
	expect(statSync(join(folder, 'daemon.log.1')).mode & 0o777).toBe(0o600);
});

test('U+2028 and U+2029 end no line of an execution’s log', async () => {
	folder = mkdtempSync(join(tmpdir(), 'sluice-log-'));
	const message = 'a\u2028b\u2029c\u0085d';
	const old = {at: '2026-11-20T10:00:00.000Z', level: 'info', stage: null, message: `old ${message}`} as const;
	const paths = pathsOf(folder);
	const file = paths.execution('0199').log;
	mkdirSync(dirname(file), {recursive: true});
	writeFileSync(file, `${JSON.stringify(old)}\n`);
	const logs = new ExecutionLogs(paths, (text) => text, unexpected);
	logs.append('0199', {...old, message});
	expect((await logs.read('0199', 0, 10)).items.map((line) => line.message)).toEqual([`old ${message}`, message]);
	expect(readFileSync(file, 'utf8').split('\n')[1]).toMatch(/a\\u2028b\\u2029c\\u0085d/);
});

function unexpected(error: unknown): void {
	throw error;
}

test('a line of an input file is what is shown of it, whatever separators of Unicode the lines before hold', async () => {
	folder = mkdtempSync(join(tmpdir(), 'sluice-log-'));
	const file = join(folder, 'x.csv');
	writeFileSync(file, '\uFEFFcode,text\r\n1,a\u2028b\r\n2,c\u2029d\n3,e\r4,f');
	const lines = await Promise.all([1, 2, 3, 4, 5, 6].map((line) => plainLine(file, line)));
	expect(lines).toEqual(['code,text', '1,a\u2028b', '2,c\u2029d', '3,e', '4,f', null]);
});
