import {resolve} from 'node:path';
import type {RunRequest} from '../api/contract.js';
import type {Run} from './command.js';
import {textFlag} from './flags.js';
import {watch} from './watch.js';

/** `sluice run`: starts an execution and watches it to its end (SPEC 13). */
export const run: Run = async (context) => {
	const {words, flags} = context;
	const input = textFlag(flags, 'input');
	const client = await context.client();
	const request: RunRequest = {
		connector: words[0] ?? '',
		input: input === undefined ? null : resolve(input),
		mode: flags['dry-run'] ? 'dry' : 'live',
		diff_check: !flags['no-diff-check'],
		accept_incomplete: flags['accept-incomplete'] === true,
		notify: textFlag(flags, 'notify') ?? null,
		confirm: textFlag(flags, 'confirm') ?? null,
	};
	return watch(context, await client.run(request), {detach: flags.detach === true});
};
