import {existsSync} from 'node:fs';
import {mkdir} from 'node:fs/promises';
import {dirname} from 'node:path';
import {encodeCell} from '../../engine/intake/row-writer.js';
import type {Selected} from '../../engine/protocol.js';
import {cleanName} from '../../model/clean-name.js';
import type {Retention as Rule} from '../../model/connector.js';
import type {ReadOptions} from '../../model/read-options.js';
import {writeWhole} from '../../platform/files/whole-file.js';
import type {StoredExecution} from '../control/stored-execution.js';
import type {Services} from '../services.js';
import {inScratch} from '../source/poll-source.js';
import {maskedRows} from './masked.js';

/**
 * Keeps a few rows of an execution's input, what is personal masked, before the file goes (SPEC 11): `.sluice/samples/<connector>/<id>.csv`.
 * Whole or not there; a second call finds it.
 */
export async function keepSample(
	services: Services,
	stored: StoredExecution,
	wanted: NonNullable<Rule['maskedSample']>,
	read: ReadOptions,
): Promise<void> {
	const {paths, tasks, configuration} = services;
	const file = paths.sample(stored.connector, stored.id);
	if (stored.inputName === null || existsSync(file)) return;
	const input = {path: paths.execution(stored.id).input(stored.inputName), name: stored.inputName};
	if (!existsSync(input.path)) return;
	const {limits} = configuration.workspace.settings;
	const {columns, rows} = (await inScratch(services, (folder) =>
		tasks.run({task: 'peek', folder, input, read, rows: wanted.rows, limits}),
	)) as Selected;
	const lines = [columns, ...maskedRows(columns, rows, wanted.mask, cleanName)];
	await mkdir(dirname(file), {recursive: true, mode: 0o700});
	await writeWhole(file, lines.map((cells) => `${cells.map((cell) => (cell === null ? '' : encodeCell(cell))).join(',')}\n`).join(''));
}
