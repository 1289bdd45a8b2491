import {flowLine} from '../model/flow-line.js';
import {toJson} from '../model/json.js';
import type {Run} from './command.js';

/** `sluice infer`: proposes variables from the sample; writes them only when told to (SPEC 6). */
export const infer: Run = async (context) => {
	const client = await context.client();
	const {items, written} = await client.infer(context.words[0] ?? '', {write: context.flags.write === true});
	if (context.json) for (const item of items) context.print(toJson(item));
	else {
		context.print('variables:');
		for (const item of items) context.print(`  - ${flowLine(item)}`);
		if (written) context.say(`Written to ${written}.`);
	}
	return 0;
};
