import {existsSync, realpathSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import type {Execution} from '../model/execution.js';

/**
 * How this program is called again: `sluice` where the shell finds this very program under that name, else Node and its path.
 *
 * @param program the path it was started by
 */
export function programCall(program: string | undefined, path: string | undefined): string {
	if (program === undefined) return 'sluice';
	const real = realpathSync(program);
	const first = (path ?? '').split(delimiter).flatMap((folder) => (existsSync(join(folder, 'sluice')) ? [join(folder, 'sluice')] : []))[0];
	return first !== undefined && realpathSync(first) === real ? 'sluice' : `node ${shellWord(real)}`;
}

/** The product row of a run that is worth explaining: the last one that the run took. */
function lastProductRow({stages}: Execution): number {
	return Math.max(1, stages.find(({stage}) => stage === 'load:3')?.rows ?? 1);
}

/** The commands that show what the demo left, as a shell takes them. @param last the demo's last run */
export function whereToLook(dir: string, last: Execution | undefined, sluice: string): readonly string[] {
	const commands = [
		['records products', 'what is in the store now'],
		['rows last load:3', 'what became of each product row'],
		[`explain last --scope products --row ${last ? lastProductRow(last) : 1}`, 'one of them, from the file to its record'],
		['daemon stop', 'when you are done'],
	] as const;
	return [
		'',
		'Where to look next',
		`  report      ${last?.artifacts.report ?? '-'}`,
		`  SQL output  ${last?.artifacts.sql_output ?? '-'}`,
		'  from here on in its folder:',
		`    cd ${shellWord(dir)}`,
		...commands.flatMap(([command, what]) => [`  ${what}:`, `    ${sluice} ${command}`]),
	];
}

/** A path as one word of a shell. */
function shellWord(path: string): string {
	return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
