/*
 * The console on the tables of a completed run of a million rows, in a real pseudo-terminal of 120x40: how long until the first picture
 * and until each thing that is asked of the table, what memory the console takes while it is paged from one end to the other a thousand
 * times, and what an idle one sends and burns. Prints figures; a step whose answer never comes throws.
 *
 * node bench/console-table.mjs [--rows 1000000] [--rounds 1000]      needs `npm run build`
 */
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {performance} from 'node:perf_hooks';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import xterm from '@xterm/headless';
import {spawn} from 'node-pty';
import {writePeople} from './people-file.mjs';
import {writeWorkspace} from './workspace.mjs';

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const {values: options} = parseArgs({options: {rows: {type: 'string', default: '1000000'}, rounds: {type: 'string', default: '1000'}}});
const rows = Number(options.rows);
const rounds = Number(options.rounds);
const grouped = (number) => number.toLocaleString('en-GB').replaceAll(',', '.');
const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
const csi = '\u001b[';
const collects = 'data:text/javascript,process.on("SIGUSR2",()=>globalThis.gc())';

const dir = mkdtempSync(join(tmpdir(), 'sluice-console-'));
const sluice = (...words) => execFileSync(process.execPath, [cli, ...words, '--workspace', dir], {encoding: 'utf8', maxBuffer: 1 << 28});
try {
	writeWorkspace(dir);
	await writePeople(join(dir, 'people.csv'), rows);
	sluice('activate', 'people');
	sluice('run', 'people', '--input', join(dir, 'people.csv'), '--detach');
	const ended = await completed();
	rmSync(join(dir, 'people.csv'));
	console.log(`${rows.toLocaleString('en-GB')} rows, ${ended.status}; console of 120x40`);
	// why: the first start reads the program from disk, and that is the machine's speed.
	await firstPicture();
	for (let turn = 0; turn < 3; turn++) console.log(`  first picture, daemon warm   ${await firstPicture()}`);
	await browse();
} finally {
	sluice('daemon', 'stop');
	rmSync(dir, {recursive: true, force: true});
}

async function completed() {
	for (;;) {
		const [execution] = sluice('executions', '--json')
			.split('\n')
			.filter(Boolean)
			.map((line) => JSON.parse(line));
		if (execution && !['queued', 'running'].includes(execution.status)) return execution;
		await pause(1_000);
	}
}

async function firstPicture() {
	const began = performance.now();
	const screen = open();
	await screen.until(/sluice/);
	const first = performance.now() - began;
	await screen.until(/LAST RUNS/);
	const full = performance.now() - began;
	const cpu = screen.cpuMs();
	await screen.leave();
	return `${seconds(first)}   (must: 0.50 s), with what the daemon told ${seconds(full)}, CPU ${cpu} ms`;
}

async function browse() {
	const screen = open('--expose-gc', '--import', collects);
	await screen.until(/LAST RUNS|NEEDS YOU/);
	await screen.step('execution', '\r', /stage.*chunks|chunks/);
	await screen.step('tables, first page', 't', new RegExp(`row 1 of ${grouped(rows)}`));
	console.log(`  memory                       ${screen.memory()} MB`);
	await screen.step('last page', 'G', new RegExp(`row ${grouped(rows)} of ${grouped(rows)}`));
	await screen.step('first page again', 'g', new RegExp(`row 1 of ${grouped(rows)}`));
	await screen.step('load table', `${csi}Z`, /\[load:1\][\s\S]*row 1 of/);
	await screen.step('filter by outcome', 'o', /Show rows that are/);
	await screen.step('  its rows', '2', /created {2}live run[\s\S]*row 1 of/);
	await screen.step('all rows', 'x', /^(?![\s\S]*created {2}live run)[\s\S]*row 1 of/);
	await screen.step('sort by a column', `${`${csi}C`.repeat(6)}s`, /external_id↑[\s\S]*row 1 of/);
	await screen.step('  its last page', 'G', new RegExp(`external_id↑[\\s\\S]*row ${grouped(rows)} of`));
	await screen.step('find one value', `/C${String(rows >> 1).padStart(9, '0')}\r`, /row 1 of 1, /);
	await screen.step('  all rows', 'x', new RegExp(`row 1 of ${grouped(rows)}`));
	const last = new RegExp(`row ${grouped(rows)} of`);
	const curve = [screen.memory()];
	const each = Math.max(1, Math.ceil(rounds / 10));
	const paging = screen.cpuMs();
	for (let turn = 1; turn <= rounds; turn++) {
		screen.write(`G${'\u0015'.repeat(30)}G`);
		await screen.until(last);
		screen.write(`g${'\u0004'.repeat(30)}g`);
		await screen.until(/row 1 of/);
		if (turn % each === 0) curve.push(screen.memory());
	}
	const cpu = Math.round((screen.cpuMs() - paging) / rounds);
	console.log(`  ${rounds} rounds from one end to the other and back, 64 keys each: ${cpu} ms CPU a round`);
	console.log(`    memory before and after every ${each} rounds, left alone, MB: ${curve.join(' ')}`);
	await screen.collect();
	console.log(`    once V8 had collected what nobody uses: ${screen.memory()}`);
	await pause(1_000);
	const before = {bytes: screen.bytes, cpu: screen.cpuMs(), line: screen.lines()[0]};
	await pause(5_000);
	const clock = screen.lines()[0] === before.line ? '' : '  (the clock went on a minute)';
	console.log(`  idle for 5 s                 ${screen.bytes - before.bytes} bytes, ${screen.cpuMs() - before.cpu} ms CPU${clock}`);
	await screen.leave();
}

function open(...flags) {
	const terminal = new xterm.Terminal({cols: 120, rows: 40, allowProposedApi: true});
	const environment = {...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8'};
	delete environment.CI;
	const pty = spawn(process.execPath, [...flags, cli, '--workspace', dir], {cols: 120, rows: 40, cwd: dir, env: environment});
	const left = new Promise((resolve) => pty.onExit(resolve));
	const screen = {
		bytes: 0,
		write: (keys) => pty.write(keys),
		lines: () => Array.from({length: 40}, (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? ''),
		memory: () => Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pty.pid}/status`, 'utf8'))[1]) / 1024),
		cpuMs() {
			const [user, system] = readFileSync(`/proc/${pty.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13);
			return (Number(user) + Number(system)) * 10;
		},
		/** Asks for a full collection: V8 leaves garbage lie for long while memory is plenty, which says nothing of a leak. */
		async collect() {
			process.kill(pty.pid, 'SIGUSR2');
			await pause(500);
		},
		async until(seen) {
			const deadline = performance.now() + 60_000;
			while (!seen.test(screen.lines().join('\n'))) {
				if (performance.now() > deadline) throw new Error(`not seen: ${seen}\n${screen.lines().join('\n')}`);
				await pause(2);
			}
		},
		async step(name, keys, seen) {
			const began = performance.now();
			screen.write(keys);
			await screen.until(seen);
			console.log(`  ${name.padEnd(28)} ${seconds(performance.now() - began)}`);
		},
		async leave() {
			pty.write('\u0003\u0003');
			await left;
		},
	};
	pty.onData((text) => {
		screen.bytes += Buffer.byteLength(text);
		terminal.write(text);
	});
	return screen;
}

function pause(ms) {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
