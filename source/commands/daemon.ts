import type {DaemonState} from '../api/contract.js';
import {toJson} from '../model/json.js';
import type {Context, Run} from './command.js';
import {notKnown} from './usage.js';

/** `sluice daemon start|stop|status`; `daemon run` is opened by the front door, as the daemon is the other wing. */
export const daemon: Run = async (context) => {
	const act = context.words[0] ?? '';
	if (act === 'start') {
		const state = await (await context.client()).daemon();
		return tell(context, state);
	}
	if (act !== 'stop' && act !== 'status') throw notKnown('sluice daemon', act, ['run', 'start', 'stop', 'status']);
	const {connect, listening} = await import('../api/connect.js');
	const workspaceDir = context.workspace();
	if ((await listening(workspaceDir)) === null) {
		context.print(context.json ? toJson({running: false}) : 'The daemon is not running.');
		return 0;
	}
	const client = await connect({workspaceDir, start: false});
	if (act === 'status') return tell(context, await client.daemon());
	await client.stopDaemon();
	context.print(context.json ? toJson({running: false}) : 'The daemon has stopped.');
	return 0;
};

function tell(context: Context, state: DaemonState): 0 {
	context.print(
		context.json
			? toJson({...state, running: true, running_executions: state.running})
			: `Daemon ${state.pid} since ${state.started_at}: ${state.running} running, ${state.queued} queued, ${state.socket}`,
	);
	return 0;
}
