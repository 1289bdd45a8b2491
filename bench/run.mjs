/*
 * The benchmark of the whole path, through the built command line, with sqlite3's own on the same file in turn, in one run: compare the
 * ratios, the machines differ.
 *
 * npm run bench -- [--rows 10000,100000] [--shapes narrow,standard,wide] [--pairs 5] [--kinds created,unchanged,updated,shuffled] [--without-peers] [--write]
 *
 * A size may name its own pairs: `--rows 10000,10000000x1`. `--write` puts the result into docs/benchmarks.md. A run that does not end as the floor did, or does not account for every row, throws.
 */
import {execFileSync, spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {sqliteFloor} from './floor.mjs';
import {watchProcesses} from './memory.mjs';
import {writeBenchmarks} from './page.mjs';
import {peersHere} from './peers.mjs';
import {shapes, writePeople} from './people-file.mjs';
import {plotInTerminal} from './plot.mjs';
import {writeWorkspace} from './workspace.mjs';

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const {values: options} = parseArgs({
	options: {
		rows: {type: 'string', default: '10000,100000,1000000'},
		shapes: {type: 'string', default: 'standard'},
		pairs: {type: 'string', default: '5'},
		kinds: {type: 'string', default: 'created,unchanged,updated,shuffled'},
		'without-peers': {type: 'boolean', default: false},
		write: {type: 'boolean', default: false},
	},
});
const kinds = options.kinds.split(',');
/** Above, the first load alone is measured: it is what the cost per row is drawn of. */
const greatestInFull = 1_000_000;
/** What neither the transform nor the floor changes: both must hold the same of it. */
const compared = ['external_id', 'amount', 'signup_date'];
const peerCompared = ['external_id', 'email', 'signup_date'];

const results = [];
for (const shape of options.shapes.split(',')) {
	for (const size of options.rows.split(',')) {
		const [rows, pairs = Number(options.pairs)] = size.split('x').map(Number);
		results.push(await measure(rows, shape, pairs));
		if (options.write) writeBenchmarks(results, `node bench/run.mjs ${process.argv.slice(2).join(' ')}`);
	}
}
console.log(plotInTerminal(results));

async function measure(rows, shape, pairs) {
	const runs = [];
	console.log(`\n${rows.toLocaleString('en-GB')} rows, ${shapes[shape].length + 1} columns`);
	for (let pair = 1; pair <= pairs; pair++) runs.push(...(await onePair(rows, shape, pair)));
	return {rows, shape, columns: shapes[shape].length + 1, pairs, runs};
}

async function onePair(rows, shape, pair) {
	const dir = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'sluice-bench-'));
	const sluice = (...words) => execFileSync('node', [cli, ...words, '--workspace', dir], {encoding: 'utf8', maxBuffer: 1 << 28});
	try {
		writeWorkspace(dir, {shape});
		const file = join(dir, 'people.csv');
		await writePeople(file, rows, {shape});
		sluice('activate', 'people');
		const floor = sqliteFloor(file, dir, shapes[shape]);
		const runs = [];
		for (const kind of rows > greatestInFull ? ['created'] : kinds) {
			const input = kind === 'updated' || kind === 'shuffled' ? join(dir, 'changed.csv') : file;
			if (input !== file) await writePeople(input, rows, {shape, round: kind === 'updated' ? 1 : 2, shuffled: kind === 'shuffled'});
			runs.push({pair, kind, floor, ...(await oneRun(dir, input, rows, kind))});
			if (kind === 'created' && floor) holdAgainst(floor.db, join(dir, '.sluice/sluice.db'));
			tell(runs.at(-1));
			if (kind === 'created' && rows <= greatestInFull && !options['without-peers'])
				runs.at(-1).peers = measurePeers(file, dir, shapes[shape], floor);
		}
		sluice('daemon', 'stop');
		return runs;
	} finally {
		rmSync(dir, {recursive: true, force: true});
	}
}

async function oneRun(dir, file, rows, kind) {
	const stopWatching = watchProcesses(dir);
	const execution = await run(dir, file);
	const {peaks, cpu} = stopWatching();
	const {created, updated, skipped, errored} = execution.counts;
	if (created + updated + skipped + errored !== rows)
		throw new Error(`${kind}: ${JSON.stringify(execution.counts)} do not add up to ${rows}`);
	const seconds = (from, to) => (Date.parse(to) - Date.parse(from)) / 1000;
	const load = execution.stages.findLast(({stage}) => stage.startsWith('load:'));
	const stages = execution.stages.filter(({started_at: began}) => began);
	return {
		toCommit: seconds(execution.started_at, load.ended_at),
		toReport: seconds(execution.started_at, execution.ended_at),
		stages: stages.map((stage) => [stage.stage, seconds(stage.started_at, stage.ended_at)]),
		counts: execution.counts,
		cpu,
		peaks,
	};
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

/** The same records on both sides: amounts that are no number are blank with us, text there. */
function holdAgainst(floorFile, storeFile) {
	const values = compared.map((name) => (name === 'amount' ? `CASE WHEN amount = 'n/a' THEN '' ELSE ifnull(amount, '') END` : name));
	if (digest(contentOf(floorFile, 'people', values)) !== digest(contentOf(storeFile, 'record_people', values)))
		throw new Error('Sluice and sqlite3 do not hold the same records');
}

function contentOf(file, table, columns) {
	const sql = `SELECT ${columns.join(" || '|' || ")} FROM ${table} ORDER BY external_id`;
	return execFileSync('sqlite3', ['-readonly', file, sql], {encoding: 'utf8', maxBuffer: 1 << 30});
}

function digest(text) {
	return createHash('sha256').update(text).digest('hex');
}

/** What each peer takes for the file of a first load, held against the floor's records. */
function measurePeers(file, dir, columns, floor) {
	return peersHere().map((peer) => {
		if (peer.left) return peer;
		const seconds = peer.load(file, columns, dir);
		if (floor && digest(peer.content(peerCompared, dir)) !== digest(contentOf(floor.db, 'people', peerCompared)))
			throw new Error(`${peer.name} and sqlite3 do not hold the same records`);
		peer.remove(dir);
		console.log(`  ${peer.name}: ${seconds.toFixed(2)} s`);
		return {name: peer.name, seconds};
	});
}

function tell({pair, kind, floor, toCommit, toReport, stages, cpu, peaks, counts}) {
	const ratio = (value) => (floor ? ` (${(value / floor.seconds).toFixed(2)} x floor)` : '');
	console.log(
		`${pair} ${kind}: ${toCommit.toFixed(2)} s to the last commit${ratio(toCommit)}, ${toReport.toFixed(2)} s to report and zip${ratio(toReport)}; ` +
			`processor ${cpu.toFixed(2)} s, floor ${floor ? `${floor.seconds.toFixed(2)} s, processor ${floor.cpu.toFixed(2)} s` : 'not installed'}`,
	);
	const shown = (entries) => entries.map(([name, value]) => `${name} ${value}`).join(', ');
	console.log(`  ${shown(Object.entries(counts))}; stages, s: ${shown(stages)}; peak memory, MB: ${shown(Object.entries(peaks))}`);
}
