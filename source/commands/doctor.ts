import type {DoctorCheck} from '../api/contract.js';
import {currentUser} from '../api/identity.js';
import {SluiceError, toSluiceError} from '../model/errors.js';
import {toJson} from '../model/json.js';
import type {Context, ExitCode, Run} from './command.js';
import {daemonWords} from './daemon-words.js';
import {versionCheck} from './version.js';

/**
 * `sluice doctor`: engine, sandbox, databases and disk; exit 1 if something that is needed is missing. Where the daemon cannot start, a process
 * of its own looks in its place. `--start-empty` lets a workspace begin without a database that is gone.
 */
export const doctor: Run = async (context) => {
	if (context.flags['start-empty'] === true) return await startEmpty(context);
	const checks = await checksOf(context);
	for (const check of checks) {
		if (context.json) context.print(toJson(check));
		else context.print(`${check.ok ? 'ok     ' : 'problem'}  ${check.check.padEnd(10)}  ${check.message}`);
	}
	return checks.every(({ok}) => ok) ? 0 : 1;
};

async function checksOf(context: Context): Promise<readonly DoctorCheck[]> {
	const workspaceDir = context.workspace();
	try {
		const client = await context.client();
		return [...(await client.doctor()).items, await versionCheck(client)];
	} catch (thrown) {
		const {message, where} = toSluiceError(thrown);
		const daemon = {check: 'daemon', ok: false, message: where === undefined ? message : `${where}: ${message}`};
		return [daemon, ...(await daemonWords<DoctorCheck>(['check', '--workspace', workspaceDir]))];
	}
}

async function startEmpty(context: Context): Promise<ExitCode> {
	const {listening} = await import('../api/connect.js');
	const workspaceDir = context.workspace();
	if ((await listening(workspaceDir)) !== null)
		throw new SluiceError('daemon.running', 'The daemon of this workspace runs', {
			where: workspaceDir,
			cure: 'Stop it: sluice daemon stop',
		});
	const files = await daemonWords<{begins_anew: string}>(['check', '--start-empty', '--user', currentUser(), '--workspace', workspaceDir]);
	for (const file of files)
		context.print(context.json ? toJson(file) : `${file.begins_anew} is gone: the workspace begins anew without what it held`);
	return 0;
}
