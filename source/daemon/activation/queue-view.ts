import type {Queue} from '../../api/contract.js';
import type {Control} from '../control/control.js';

/** The live executions of a connector that wait, as they are shown before it is activated (SPEC 10). */
export function queueOf(control: Control, connector: string): Queue {
	const revision = control.connectors.state(connector).queueRevision;
	const items = control.executions.queueOf(connector).map(({id, queuedAt, startedBy, inputName, progress, done}) => ({
		revision,
		id,
		queued_at: queuedAt,
		started_by: startedBy,
		input_file: inputName,
		rows: progress?.rows.input ?? control.webhooks.requestsOf(id),
		done,
	}));
	return {revision, items};
}
