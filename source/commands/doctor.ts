import {toJson} from '../model/json.js';
import type {Run} from './command.js';

/** `sluice doctor`: engine, sandbox, store and disk; exit 1 if something that is needed is missing. */
export const doctor: Run = async (context) => {
	const client = await context.client();
	const {items: checks} = await client.doctor();
	for (const check of checks) {
		if (context.json) context.print(toJson(check));
		else context.print(`${check.ok ? 'ok     ' : 'problem'}  ${check.check.padEnd(10)}  ${check.message}`);
	}
	return checks.every(({ok}) => ok) ? 0 : 1;
};
