import {writeFileSync} from 'node:fs';
import {cpus, release, totalmem} from 'node:os';
import {fileURLToPath} from 'node:url';

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
	writeFileSync(picture, plot(results.filter(({shape}) => shape === 'standard')));
}

function sectionOf({rows, columns, pairs, runs, peers}) {
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
		...peers.map(({name, left, seconds}) => `- ${name}: ${left ?? `${spread(seconds)} s`}`),
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

function spread(values) {
	return [Math.min(...values), median(values), Math.max(...values)].map((value) => value.toFixed(2)).join(' / ');
}

function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Processor microseconds a row of a first load, Sluice and floor, over the number of rows, both on scales that fit. */
function plot(results) {
	const points = results.flatMap(({rows, runs}) => {
		const created = runs.filter(({kind}) => kind === 'created');
		if (created.length === 0) return [];
		const perRow = (pick) => (median(created.map(pick)) / rows) * 1e6;
		return [{rows, sluice: perRow(({cpu}) => cpu), floor: perRow(({floor}) => floor?.cpu ?? 0)}];
	});
	const [width, height, left, bottom] = [640, 320, 60, 280];
	const top = Math.max(1, ...points.map(({sluice}) => sluice)) * 1.1;
	const exponents = points.map(({rows}) => Math.log10(rows));
	const [least, most] = [Math.min(...exponents), Math.max(...exponents)];
	const x = (rows) => left + ((Math.log10(rows) - least) / (most - least || 1)) * (width - left - 90);
	const y = (value) => bottom - (value / top) * (bottom - 20);
	const path = (key) => points.map((point, at) => `${at ? 'L' : 'M'}${x(point.rows).toFixed(1)} ${y(point[key]).toFixed(1)}`).join(' ');
	const marks = (key, colour) =>
		points
			.map(
				(point) =>
					`<circle cx="${x(point.rows).toFixed(1)}" cy="${y(point[key]).toFixed(1)}" r="3" fill="${colour}"/><text x="${x(point.rows).toFixed(1)}" y="${(y(point[key]) - 8).toFixed(1)}" text-anchor="middle">${point[key].toFixed(1)}</text>`,
			)
			.join('');
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#555">
<title>Processor microseconds per row of a first load, by number of rows</title>
<path d="M${left} 20V${bottom}H${width - 20}" fill="none" stroke="#999"/>
<text x="${left}" y="12">microseconds of processor a row</text>
${points.map(({rows}) => `<text x="${x(rows).toFixed(1)}" y="${bottom + 18}" text-anchor="middle">${rows.toLocaleString('en-GB')}</text>`).join('\n')}
<path d="${path('sluice')}" fill="none" stroke="#0969da" stroke-width="2"/>${marks('sluice', '#0969da')}
<path d="${path('floor')}" fill="none" stroke="#999" stroke-width="2"/>${marks('floor', '#999')}
<text x="${width - 84}" y="${y(points.at(-1)?.sluice ?? 0).toFixed(1)}" fill="#0969da">Sluice</text>
<text x="${width - 84}" y="${y(points.at(-1)?.floor ?? 0).toFixed(1)}">floor (sqlite3)</text>
</svg>
`;
}
