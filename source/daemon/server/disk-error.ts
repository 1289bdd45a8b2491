import {mkdtempSync, rmdirSync} from 'node:fs';
import {join, sep} from 'node:path';
import {SluiceError, toSluiceError} from '../../model/errors.js';
import {type DiskTrouble, diskTroubleOf} from '../../platform/disk-trouble.js';
import {isDamage} from '../../store/sqlite/probe.js';

const words: Readonly<Record<DiskTrouble, string>> = {
	full: 'is full: what you asked for was not done',
	failing: 'fails to read or write: what you asked for was not done',
};

/** What a request met, as people read it. What the operating system or SQLite say of a disk names neither the place nor the cure. */
export function errorOf(thrown: unknown, state: string): SluiceError {
	const error = toSluiceError(thrown);
	if (error.code === 'internal' && isDamage(thrown)) {
		const message = 'The file that holds the queue, the executions and the history of this workspace is damaged';
		return new SluiceError('state.damaged', message, {where: join(state, 'control.db'), cause: thrown});
	}
	const isState = error.code === 'internal' || (error.code === 'file.not_written' && error.where?.startsWith(`${state}${sep}`));
	const trouble = isState ? diskTroubleOf(thrown) : null;
	if (trouble === null) return error;
	if (trouble === 'failing' && isReadOnly(state)) {
		return new SluiceError('daemon.disk', 'The disk that holds the state is read-only: what you asked for was not done', {
			where: state,
			cure: 'Look in the log of the system for the reason, make it writable (`mount -o remount,rw`), then ask again.',
			cause: thrown,
		});
	}
	return new SluiceError('daemon.disk', `The disk that holds the state ${words[trouble]}`, {where: state, cause: thrown});
}

/**
 * Whether the file system takes no writes at all, as one does that met an error or was mounted so. It is tried: a system that stops writes
 * after an error may still say that the folder can be written.
 */
export function isReadOnly(folder: string): boolean {
	try {
		rmdirSync(mkdtempSync(join(folder, 'probe-')));
		return false;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EROFS';
	}
}
