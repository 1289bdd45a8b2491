import {toJson} from '../model/json.js';
import type {Run} from './command.js';

type Proposal = Readonly<Record<string, string | number | boolean | null>>;

/** `sluice infer`: proposes variables from the sample; writes them only when told to (SPEC 6). */
export const infer: Run = async (context) => {
	const client = await context.client();
	const {items, written} = await client.infer(context.words[0] ?? '', {write: context.flags.write === true});
	if (context.json) for (const item of items) context.print(toJson(item));
	else {
		context.print('variables:');
		for (const item of items) context.print(`  - ${flow(item)}`);
		if (written) context.say(`Written to ${written}.`);
	}
	return 0;
};

/** One proposal as a line of YAML. */
function flow(item: Proposal): string {
	const entries = Object.entries(item).filter(([, value]) => value !== null && value !== false);
	return `{${entries.map(([key, value]) => `${key}: ${typeof value === 'string' && !/^[a-z_][\w/-]*$/i.test(value) ? JSON.stringify(value) : value}`).join(', ')}}`;
}
