import type {DaemonState} from '../api/contract.js';
import {otherVersion} from '../api/version.js';
import {SluiceError} from '../model/errors.js';
import {toJson} from '../model/json.js';
import {momentText} from '../model/moment.js';
import {isRunning} from '../platform/processes.js';
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
	if (act === 'status') {
		const state = await client.daemon();
		const other = otherVersion(state.version);
		if (other !== null && !context.json) context.say(`sluice: ${other}`);
		return tell(context, state);
	}
	const {pid} = await client.stopDaemon();
	if (await hasEnded(pid)) {
		context.print(context.json ? toJson({running: false}) : 'The daemon has stopped.');
		return 0;
	}
	throw new SluiceError(
		'daemon.unreachable',
		`The daemon was told to stop, and its process ${pid} is still there after ${patienceMs / 1000} s`,
		{
			cure: 'What runs stops at its chunk; look again with `sluice daemon status`.',
		},
	);
};

/** Longer than the daemon gives its runners, twice. */
const patienceMs = 40_000;
const lookAgainMs = 10;

/** Waits until a process is gone: the daemon answers before its runners have stopped and its files are closed. */
async function hasEnded(pid: number): Promise<boolean> {
	for (const deadline = performance.now() + patienceMs; performance.now() < deadline; ) {
		if (!isRunning(pid)) return true;
		await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
	}
	return false;
}

function tell(context: Context, state: DaemonState): 0 {
	context.print(
		context.json
			? toJson({...state, running: true, running_executions: state.running})
			: `Daemon ${state.pid}, version ${state.version}, since ${momentText(state.started_at, state.timezone || 'UTC')}: ${state.running} running, ${state.queued} queued, ${state.socket}`,
	);
	return 0;
}
