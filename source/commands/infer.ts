import {flowLine} from '../model/flow-line.js';
import {toJson} from '../model/json.js';
import type {Run} from './command.js';

/** `sluice infer`: proposes variables, and the keys of `read` that the file needs, from the sample; writes them only when told to (SPEC 4, 6). */
export const infer: Run = async (context) => {
	const client = await context.client();
	const {read, items, written} = await client.infer(context.words[0] ?? '', {write: context.flags.write === true});
	const {notes, ...keys} = read;
	if (context.json) {
		if (notes.length > 0) context.print(toJson({read}));
		for (const item of items) context.print(toJson(item));
		return 0;
	}
	for (const note of notes) context.print(`# ${note}`);
	if (Object.keys(keys).length > 0) context.print(`read: ${flowLine(keys)}`);
	context.print('variables:');
	for (const item of items) context.print(`  - ${flowLine(item)}`);
	if (written) context.say(`Written to ${written}.`);
	return 0;
};
