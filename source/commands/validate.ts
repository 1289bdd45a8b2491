import {toJson} from '../model/json.js';
import type {Run} from './command.js';

/** `sluice validate`: every problem of the configuration, SQL on the sample included; exit 1 if there is any. */
export const validate: Run = async (context) => {
	const client = await context.client();
	const {problems} = await client.validate(context.words[0]);
	for (const problem of problems) {
		if (context.json) context.print(toJson(problem));
		else {
			context.print(`${problem.file}:${problem.line}:${problem.column}  ${problem.message}`);
			if (problem.expected) context.print(`    expected: ${problem.expected}`);
		}
	}
	if (!context.json) {
		context.print(problems.length === 0 ? 'No problems.' : `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}.`);
	}
	return problems.length === 0 ? 0 : 1;
};
