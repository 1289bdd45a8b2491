import type {Connector} from '../../model/connector.js';
import type {Submission} from './submit.js';

/** What is submitted for an input that a source or the clock gave. */
export function fromSource(
	connector: Connector,
	input: Submission['input'],
	{triggeredBy, detail}: Pick<Submission, 'triggeredBy' | 'detail'>,
): Submission {
	return {
		connector,
		mode: 'live',
		input,
		triggeredBy,
		diffCheck: connector.diffCheck,
		notify: null,
		failedRowsOf: null,
		what: 'run',
		detail,
	};
}
