/*
 * The benchmark of the whole path: `npm run bench [rows...]` (default 100000 1000000). Everything is run through the built command line, next to
 * sqlite3's own on the same file, in one go: compare the ratios, the machines differ. Prints, asserts only that every row is accounted for.
 */
import {execFileSync, spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {sqliteFloor} from './floor.mjs';
import {watchMemory} from './memory.mjs';
import {writePeople} from './people-file.mjs';
import {writeWorkspace} from './workspace.mjs';

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const sizes = process.argv.slice(2).map(Number);

for (const rows of sizes.length > 0 ? sizes : [100_000, 1_000_000]) await measure(rows);

async function measure(rows) {
	const dir = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'sluice-bench-'));
	const sluice = (...words) => execFileSync('node', [cli, ...words, '--workspace', dir], {encoding: 'utf8', maxBuffer: 1 << 28});
	try {
		writeWorkspace(dir);
		const file = join(dir, 'people.csv');
		await writePeople(file, rows);
		sluice('activate', 'people');
		const floor = sqliteFloor(file, dir);
		console.log(
			`\n${rows.toLocaleString('en-GB')} rows x 12 columns; floor (sqlite3 .import + indexed insert) ${floor?.toFixed(2) ?? 'not measured'} s`,
		);
		for (const round of ['all created', 'again, unchanged']) await tellRun(dir, file, rows, round, floor);
		const changed = join(dir, 'changed.csv');
		await writePeople(changed, rows, {round: 1});
		await tellRun(dir, changed, rows, 'all updated, ordered', floor);
		await writePeople(changed, rows, {round: 2, shuffled: true});
		await tellRun(dir, changed, rows, 'all updated, shuffled', floor);
		sluice('daemon', 'stop');
	} finally {
		rmSync(dir, {recursive: true, force: true});
	}
}

async function tellRun(dir, file, rows, title, floor) {
	const stopWatching = watchMemory(dir);
	const execution = await run(dir, file);
	const peaks = stopWatching();
	const {created, updated, skipped, errored} = execution.counts;
	if (created + updated + skipped + errored !== rows)
		throw new Error(`${title}: ${JSON.stringify(execution.counts)} do not add up to ${rows}`);
	const seconds = (from, to) => (Date.parse(to) - Date.parse(from)) / 1000;
	const load = execution.stages.findLast(({stage}) => stage.startsWith('load:'));
	const toCommit = seconds(execution.started_at, load.ended_at);
	const toReport = seconds(execution.started_at, execution.ended_at);
	const ratio = (value) => (floor ? ` (${(value / floor).toFixed(2)} x floor)` : '');
	console.log(
		`${title}: ${toCommit.toFixed(2)} s to the last commit${ratio(toCommit)}, ${toReport.toFixed(2)} s to report and zip${ratio(toReport)}`,
	);
	console.log(`  created ${created}, updated ${updated}, skipped ${skipped}, errored ${errored}`);
	const stages = execution.stages
		.filter(({started_at: began}) => began)
		.map((stage) => `${stage.stage} ${seconds(stage.started_at, stage.ended_at).toFixed(2)}`);
	console.log(`  stages, s: ${stages.join(', ')}`);
	console.log(
		`  peak memory, MB: ${Object.entries(peaks)
			.map(([kind, peak]) => `${kind} ${peak}`)
			.join(', ')}`,
	);
}

function run(dir, file) {
	return new Promise((resolve, reject) => {
		const child = spawn('node', [cli, 'run', 'people', '--input', file, '--json', '--workspace', dir], {
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		let text = '';
		child.stdout.on('data', (chunk) => {
			text += chunk;
		});
		child.on('exit', (code) => (code === 0 || code === 3 ? resolve(JSON.parse(text)) : reject(new Error(`exit ${code}: ${text}`))));
	});
}
