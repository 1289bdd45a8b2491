/**
 * What people who watch cost: 50 clients on GET /events, 25 of which never read, during a large run. In pairs of a run with and one without
 * them: the ratio of run times, the daemon's greatest memory and event-loop delay (DESIGN 5, P11), and beside it the delay of a process that
 * does nothing: what is late in both is the machine.
 *
 * npm run build && node bench/events.mjs [rows = 200000] [pairs = 2]
 */
import {fork} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {request} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {connect} from '../dist/source/api/connect.js';
import {writePeople} from './people-file.mjs';
import {writeWorkspace} from './workspace.mjs';

const [rows = 200_000, pairs = 2] = process.argv.slice(2).map(Number);
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'sluice-events-'));
writeWorkspace(dir, {diffCheck: false, chunkSize: 500});
const input = join(dir, 'people.csv');
await writePeople(input, rows);

const idle = fork(new URL('idle.mjs', import.meta.url), {detached: true});
const client = await connect({workspaceDir: dir, program: [process.execPath, cli, 'daemon', 'run', '--idle', '--workspace', dir]});
try {
	await client.activate('people');
	await run('warm up', 0);
	for (let pair = 1; pair <= pairs; pair++) {
		const alone = await run(`pair ${pair}, alone`, 0);
		const watched = await run(`pair ${pair}, watched`, 50);
		console.log(`pair ${pair}: watched / alone = ${(watched / alone).toFixed(2)}`);
	}
} finally {
	idle.kill();
	await client.stopDaemon();
	rmSync(dir, {recursive: true, force: true});
}

async function run(title, watchers) {
	const open = Array.from({length: watchers}, (_, index) => watch(index % 2 === 0));
	await measures();
	const {id} = await client.run({connector: 'people', input, mode: 'live', diff_check: false});
	let memory = 0;
	let [delay, idleDelay, ownDelay] = [0, 0, 0];
	for (;;) {
		await new Promise((resolve) => setTimeout(resolve, 500));
		const seen = await measures();
		memory = Math.max(memory, seen.memory);
		delay = Math.max(delay, seen.delay);
		idleDelay = Math.max(idleDelay, seen.idle);
		ownDelay = Math.max(ownDelay, seen.delay - seen.idle);
		const execution = await client.execution(id);
		if (execution.ended_at === null) continue;
		if (!['completed', 'warning'].includes(execution.status)) throw new Error(`${execution.status}: ${execution.error?.message}`);
		for (const watcher of open) watcher.destroy();
		const seconds = (Date.parse(execution.ended_at) - Date.parse(execution.started_at)) / 1000;
		console.log(
			`${title}: ${seconds.toFixed(1)} s, daemon ${(memory / 2 ** 20).toFixed(0)} MB, event loop at most ${delay.toFixed(0)} ms late, ` +
				`an idle process ${idleDelay.toFixed(0)} ms, in the same half second at most ${ownDelay.toFixed(0)} ms less`,
		);
		return seconds;
	}
}

/** One client of GET /events; one that does not read leaves its socket full. */
function watch(reads) {
	const watcher = request({socketPath: client.socket, path: '/events'}, (response) => {
		if (reads) response.resume();
		else response.pause();
		response.on('error', () => undefined);
	});
	watcher.on('error', () => undefined);
	watcher.end();
	return watcher;
}

async function measures() {
	const text = await client.metrics();
	const read = (name) =>
		Number(
			text
				.split('\n')
				.find((line) => line.startsWith(name))
				?.split(' ')[1] ?? Number.NaN,
		);
	idle.send('how late?');
	const [idleDelay] = await once(idle, 'message');
	return {memory: read('sluice_memory_bytes'), delay: read('sluice_event_loop_delay_seconds{quantile="1"}') * 1000, idle: idleDelay};
}
