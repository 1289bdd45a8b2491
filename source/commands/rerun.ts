import type {Run} from './command.js';
import {textFlag} from './flags.js';
import {watch} from './watch.js';

/** `sluice rerun`: the same input again, or only the rows that errored or were skipped as invalid (SPEC 9). */
export const rerun: Run = async (context) => {
	const {words, flags} = context;
	const rows = textFlag(flags, 'rows');
	const client = await context.client();
	const execution = await client.rerun(words[0] ?? '', {
		rows: rows === 'failed' ? rows : undefined,
		mode: flags['dry-run'] ? 'dry' : undefined,
		confirm: textFlag(flags, 'confirm'),
	});
	return watch(context, execution, {detach: flags.detach === true});
};
