import {resolve} from 'node:path';
import type {Restored} from '../api/contract.js';
import {currentUser} from '../api/identity.js';
import {toJson} from '../model/json.js';
import type {Run} from './command.js';
import {daemonWords} from './daemon-words.js';
import {counted} from './output.js';

/** `sluice restore FILE [dir]`: a workspace from a backup, in a folder that is empty or not there yet. */
export const restore: Run = async (context) => {
	const [file = '', dir = context.folder] = context.words;
	const [restored] = await daemonWords<Restored>(['restore', resolve(file), resolve(dir), '--user', currentUser()]);
	if (restored) context.print(...(context.json ? [toJson(restored)] : linesOf(restored)));
	return 0;
};

function linesOf({workspace, made_at, from, ...waiting}: Restored): readonly string[] {
	const {connectors, queued, requests, deliveries, without_input, secrets} = waiting;
	const origin = made_at === null ? 'a backup of an earlier version' : `the backup of ${from ?? 'a workspace'}, made at ${made_at}`;
	return [
		`${workspace} is restored from ${origin}.`,
		'Nothing runs in it by itself:',
		...(connectors.length > 0 ? [`  inactive now: ${connectors.join(', ')}. Look at each queue and activate: sluice activate NAME`] : []),
		...(queued > 0 ? [`  ${counted(queued, 'execution')} in the queue`] : []),
		...(requests > 0 ? [`  ${counted(requests, 'webhook request')} in open windows, which become executions when the daemon starts`] : []),
		...(deliveries > 0 ? [`  ${counted(deliveries, 'delivery', 'deliveries')} to be sent when the daemon starts`] : []),
		...without_input.map((id) => `  the backup holds no input of ${id}: it has failed`),
		...(secrets.length > 0 ? [`  to be set again: ${secrets.map((name) => `sluice secret set ${name}`).join(', ')}`] : []),
		`Next: cd ${workspace} && sluice validate`,
	];
}
