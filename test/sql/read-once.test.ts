import {join} from 'node:path';
import {expect, test} from 'vitest';
import {pageAsTable, pageSelect} from '../../source/engine/intake/page-select.js';
import {readInput} from '../../source/engine/intake/read-input.js';
import {isReadOnce} from '../../source/engine/sql/single-use-page.js';
import {splitStatements} from '../../source/engine/sql/split-statements.js';
import {build, newFolder, newWorker, run, write} from './world.js';

/** Cells of every kind that a page tells apart, and lines that are no rows. */
const awkward = ['plain', '', '""', '\\N', '" blanks "', "it's", '"a ""b"", c"', '"two\nlines"', '  x ', 'Ærø', 'NULL', '0012'];

function people(rows: number): string {
	const line = (at: number) => `${at},${awkward[at % awkward.length]},${at % 7 === 0 ? '' : `c${at % 13}`}`;
	return `id,note,city\n${Array.from({length: rows}, (_, at) => (at % 50 === 0 ? `\n${line(at)}` : line(at))).join('\n')}\n`;
}

test.runIf(process.env.SLUICE_LONG)('a page that is read where it lies gives the rows that its table gives', async () => {
	const folder = newFolder();
	const path = write(folder, 'people.csv', people(100_000));
	const silent = {onLog: () => undefined, onWarning: () => undefined, onProgress: () => undefined};
	const read = await readInput({path, name: 'people.csv', folder: join(folder, 'run'), maxInputBytes: 1e9, ...silent});
	const pages = read.map((page) => ({...page, select: pageSelect(page), asTable: pageAsTable(page)}));
	const worker = await newWorker({}, {}, join(folder, 'run'));
	for (const query of [
		'SELECT _line, id, note, city FROM input.people',
		"SELECT upper(note) AS note, toUInt64(id) * 2 AS twice, _line FROM input.people_csv WHERE city != 'c3' OR note IS NULL",
		'SELECT city, count(*) AS n, min(_line) AS first FROM input.page_idx_0 GROUP BY city ORDER BY n DESC, city',
		'SELECT p.id, n.n FROM numbers(50000) AS m INNER JOIN input.people AS p ON toString(m.number) = p.id CROSS JOIN (SELECT 1 AS n) AS n ORDER BY p._line',
	]) {
		const kept = [];
		for (const [another, engine] of [
			['', 'File'],
			['; CREATE TABLE connector.again AS SELECT count() AS n FROM input.people', 'MergeTree'],
		]) {
			const script = `CREATE TABLE output.x AS ${query}${another}`;
			await build(worker, {pages, script});
			expect(
				await worker.rows("SELECT engine, count() AS tables FROM system.tables WHERE database = 'input' GROUP BY engine"),
				query,
			).toEqual([{engine, tables: '3'}]);
			const [output] = await run(worker, script);
			kept.push([output, await worker.rows('SELECT count() AS rows, sum(sipHash64(tuple(*))) AS hash FROM run.`sql:x`')]);
		}
		expect(kept[0], query).toEqual(kept[1]);
	}
});

test('a page is read where it lies only by a script that names its columns, once', () => {
	const once = (script: string) => isReadOnce(splitStatements(script), ['people', 'sample']);
	for (const script of [
		'CREATE TABLE output.people AS SELECT a, count(*) FROM input.sample WHERE b * 2 > 1',
		'USE input; CREATE TABLE output.x AS SELECT a FROM people',
		'CREATE TABLE output.x AS SELECT m.a FROM kizen.people AS m JOIN input.`people` AS p ON m.a = p.a',
		'CREATE TABLE output.x AS SELECT 1 AS a',
	]) {
		expect(once(script), script).toBe(true);
	}
	for (const script of [
		'CREATE TABLE output.x AS SELECT * FROM input.people',
		'CREATE TABLE output.x AS SELECT p.* FROM input.people AS p',
		'CREATE TABLE output.x AS SELECT DISTINCT ON (a) * EXCEPT (b) FROM input.people',
		"CREATE TABLE output.x AS SELECT COLUMNS('a') FROM input.people",
		'CREATE TABLE output.x AS SELECT a FROM input.people; CREATE TABLE output.y AS SELECT a FROM input.sample',
		'CREATE TABLE output.x AS SELECT people.a FROM input.people',
		'CREATE TABLE output.x AS WITH p AS (SELECT a FROM input.people) SELECT a FROM p UNION ALL SELECT a FROM p',
		'CREATE VIEW output.x AS SELECT a FROM input.people',
		'CREATE TABLE output.x CLONE AS input.people',
		'CREATE TABLE output.x AS input.people',
		'CREATE TABLE output.x AS SELECT a FROM input.people PREWHERE b = 1',
		'CREATE TABLE output.x AS SELECT a, _path FROM input.people',
	]) {
		expect(once(script), script).toBe(false);
	}
});
