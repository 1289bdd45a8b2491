import {join, sep} from 'node:path';
import {type DiskTrouble, diskTroubleOf} from '../../engine/disk-trouble.js';
import {SluiceError, toSluiceError} from '../../model/errors.js';
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
	return trouble ? new SluiceError('daemon.disk', `The disk that holds the state ${words[trouble]}`, {where: state, cause: thrown}) : error;
}
