/**
 * A page of 200 rows anywhere in a large execution, from the daemon, warm (DESIGN 6: at most 30 ms at 1M rows): every way of looking, at
 * offsets spread over what the filter leaves. "first" is the first page of a filter, which also counts its rows; "engine" is the time of a
 * question that reads nothing, for comparison.
 *
 * npm run build && node bench/pages.mjs [rows = 1000000]
 */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {connect} from '../dist/source/api/connect.js';
import {writePeople} from './people-file.mjs';
import {writeWorkspace} from './workspace.mjs';

const [rows = 1_000_000] = process.argv.slice(2).map(Number);
const pagesEach = 25;
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const dir = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'sluice-pages-'));
writeWorkspace(dir, {diffCheck: false});
const input = join(dir, 'people.csv');
await writePeople(input, rows);

const looks = [
	['load:1', 'no filter', {}],
	['load:1', 'outcome', {outcome: 'created'}],
	['load:1', 'column value', {column: 'city', value: 'Oslo'}],
	['load:1', 'column value, rare', {column: 'first_name', value: 'First77'}],
	['load:1', 'find', {find: '77'}],
	['load:1', 'find, rare', {find: 'person0000777'}],
	['load:1', 'sorted', {sort: 'email', descending: true}],
	['variables:people', 'no filter', {}],
	['variables:people', 'state', {state: 'ok'}],
	['variables:people', 'column value', {column: 'currency', value: 'EUR'}],
	['sql:people', 'no filter', {}],
	['sql:people', 'find', {find: 'row 77'}],
];

const client = await connect({workspaceDir: dir, program: [process.execPath, cli, 'daemon', 'run', '--idle', '--workspace', dir]});
try {
	await client.activate('people');
	const {id} = await client.run({connector: 'people', input, mode: 'dry', diff_check: false});
	for (;;) {
		const {status} = await client.execution(id);
		if (status !== 'queued' && status !== 'running') break;
		await new Promise((resolve) => setTimeout(resolve, 500));
	}
	await client.rows(id, 'load:1', {offset: 0, limit: 200});
	tell('the daemon alone', Number.NaN, await times(() => client.daemon()), 0);
	for (const [table, title, filter] of looks) {
		let total = 0;
		const [first = 0] = await times(async () => {
			({total} = await client.rows(id, table, {...filter, offset: 0, limit: 200}));
		}, 1);
		const deepest = Math.max(0, total - 200);
		let turn = 0;
		const took = await times(() => client.rows(id, table, {...filter, offset: Math.floor((turn++ * deepest) / pagesEach), limit: 200}));
		tell(`${table} ${title}`, first, took, total);
	}
} finally {
	await client.stopDaemon();
	rmSync(dir, {recursive: true, force: true});
}

async function times(work, count = pagesEach) {
	const took = [];
	for (let turn = 0; turn < count; turn++) {
		const started = performance.now();
		await work();
		took.push(performance.now() - started);
	}
	return took.sort((a, b) => a - b);
}

function tell(title, first, took, total) {
	const show = (ms) => (Number.isNaN(ms) ? '-' : ms.toFixed(1)).padStart(7);
	const [min, median, max] = [took[0], took[took.length >> 1], took.at(-1)];
	console.log(
		`${title.padEnd(36)} rows ${String(total).padStart(8)}  first ${show(first)}  min ${show(min)}  median ${show(median)}  max ${show(max)} ms`,
	);
}
