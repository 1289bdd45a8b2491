import {resolve} from 'node:path';
import type {RunRequest} from '../api/contract.js';
import {SluiceError} from '../model/errors.js';
import {mailAddressPattern} from '../model/mail-address.js';
import type {Run} from './command.js';
import {textFlag} from './flags.js';
import {watch} from './watch.js';

/** `sluice run`: starts an execution and watches it to its end (SPEC 13). */
export const run: Run = async (context) => {
	const {words, flags} = context;
	const input = textFlag(flags, 'input');
	const inputOf = textFlag(flags, 'input-of') ?? null;
	if (input !== undefined && inputOf !== null)
		throw new SluiceError('usage.invalid', '--input and --input-of name two inputs', {expected: 'one of them'});
	const notify = textFlag(flags, 'notify') ?? null;
	if (notify !== null && !mailAddressPattern.test(notify))
		throw new SluiceError('usage.invalid', `--notify "${notify}" is not a mail address`, {
			expected: 'one address, such as ops@example.com',
		});
	const client = await context.client();
	const request: RunRequest = {
		connector: words[0] ?? '',
		input: input === undefined ? null : resolve(input),
		...(inputOf !== null && {input_of: inputOf}),
		mode: flags['dry-run'] ? 'dry' : 'live',
		diff_check: !flags['no-diff-check'],
		accept_incomplete: flags['accept-incomplete'] === true,
		notify,
		confirm: textFlag(flags, 'confirm') ?? null,
	};
	return watch(context, await client.run(request), {detach: flags.detach === true});
};
