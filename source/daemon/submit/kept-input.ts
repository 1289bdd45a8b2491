import {SluiceError} from '../../model/errors.js';
import type {StoredExecution} from '../control/stored-execution.js';
import type {Services} from '../services.js';
import type {Submission} from './submit.js';

/**
 * The input that an execution read, as the daemon kept it.
 *
 * @throws SluiceError `run.artifact_missing` where it never had one, or where its files were cleared
 */
export function keptInput({paths}: Pick<Services, 'paths'>, execution: StoredExecution): NonNullable<Submission['input']> {
	const {id, connector, inputName, clearedAt} = execution;
	if (clearedAt !== null) {
		throw new SluiceError('run.artifact_missing', `Its input and tables were cleared on ${clearedAt.slice(0, 10)}`, {
			where: id,
			cure: 'Run the file itself again, with --input FILE.',
		});
	}
	if (inputName === null) {
		throw new SluiceError('run.artifact_missing', 'It never had an input: its source gave none', {
			where: id,
			cure: `Take from the source again: \`sluice run ${connector}\`.`,
		});
	}
	return {path: paths.execution(id).input(inputName), name: inputName};
}
