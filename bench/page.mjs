import {writeFileSync} from 'node:fs';
import {cpus, release, totalmem} from 'node:os';
import {fileURLToPath} from 'node:url';
import {median, plot} from './plot.mjs';

const page = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));
const picture = fileURLToPath(new URL('../docs/pictures/cost-per-row.svg', import.meta.url));
const titles = {created: 'all created', unchanged: 'again, unchanged', updated: 'all updated, in order', shuffled: 'all updated, shuffled'};

/** Writes docs/benchmarks.md and the plot of the cost per row from what was measured. */
export function writeBenchmarks(results, command) {
	const [cpu] = cpus();
	const text = [
		'# Benchmarks',
		'',
		'Written by the command below; measure it again on your own machine. Sluice and the floor run in turn on the same file, so compare the',
		'ratios. The floor is `sqlite3 .import` and an indexed `INSERT ... SELECT`, which types, matches, diffs and reports nothing. After the first',
		'run both must hold the same records, else the benchmark throws. Wall time is to the end of the load steps, and to report and zip on disk;',
		'processor time is that of runner and sql worker over the whole run, beside that of the floor, and says more where a machine is shared.',
		'',
		'Peers load the same file, untyped, into an empty table with a key, once a pair, and must hold the same keys, emails and dates.',
		'',
		`\`${command}\``,
		'',
		`${cpus().length} x ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}. Ratios: min / median / max.`,
		'',
		...results.flatMap(sectionOf),
		'## Cost per row',
		'',
		'![Processor microseconds per row by number of rows](pictures/cost-per-row.svg)',
		'',
	].join('\n');
	writeFileSync(page, text);
	writeFileSync(picture, plot(results));
}

function sectionOf({rows, columns, pairs, runs}) {
	const kinds = [...new Set(runs.map(({kind}) => kind))];
	return [
		`## ${rows.toLocaleString('en-GB')} rows, ${columns} columns, ${pairs} ${pairs === 1 ? 'pair' : 'pairs'}`,
		'',
		'| work | to the last commit, x floor | to report and zip, x floor | processor, x floor | stages, s (median) | peak memory, MB |',
		'| --- | --- | --- | --- | --- | --- |',
		...kinds.map((kind) =>
			lineOf(
				kind,
				runs.filter((run) => run.kind === kind),
			),
		),
		'',
		...peersOf(runs.filter(({peers}) => peers !== undefined)),
		'',
	];
}

function lineOf(kind, runs) {
	const over = (pick, floor) => spread(runs.map((run) => (run.floor ? pick(run) / run.floor[floor] : Number.NaN)));
	const stages = runs[0].stages.map(([name], at) => `${name} ${median(runs.map((run) => run.stages[at]?.[1] ?? 0)).toFixed(2)}`);
	const processes = Object.keys(runs[0].peaks).map((name) => `${name} ${Math.max(...runs.map((run) => run.peaks[name] ?? 0))}`);
	const cells = [over((run) => run.toCommit, 'seconds'), over((run) => run.toReport, 'seconds'), over((run) => run.cpu, 'cpu')];
	return `| ${titles[kind] ?? kind} | ${cells.join(' | ')} | ${stages.join(', ')} | ${processes.join(', ')} |`;
}

/** Each peer's seconds, and how many times as long it took as Sluice to the last commit in the same pair. */
function peersOf(runs) {
	const [first] = runs;
	return (first?.peers ?? []).map(({name, left}, at) => {
		if (left) return `- ${name}: ${left}`;
		const seconds = (run) => run.peers[at].seconds;
		return `- ${name}: ${spread(runs.map(seconds))} s, ${spread(runs.map((run) => seconds(run) / run.toCommit))} x Sluice`;
	});
}

function spread(values) {
	return [Math.min(...values), median(values), Math.max(...values)].map((value) => value.toFixed(2)).join(' / ');
}
