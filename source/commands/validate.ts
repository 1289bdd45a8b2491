import {toJson} from '../model/json.js';
import {errorsOf, formatPlace, isHarmless, problemCount} from '../model/problem.js';
import type {Run} from './command.js';

/** `sluice validate`: every problem of the configuration, SQL on the sample included; exit 1 if there is any that is no mere warning. */
export const validate: Run = async (context) => {
	const client = await context.client();
	const {problems} = await client.validate(context.words[0]);
	for (const problem of problems) {
		if (context.json) context.print(toJson({...problem, severity: problem.severity ?? 'error'}));
		else {
			context.print(`${formatPlace(problem)}  ${isHarmless(problem) ? `${problem.severity}: ` : ''}${problem.message}`);
			if (problem.expected) context.print(`    expected: ${problem.expected}`);
		}
	}
	if (!context.json) context.print(problems.length === 0 ? 'No problems.' : `${problemCount(problems)}.`);
	return errorsOf(problems).length === 0 ? 0 : 1;
};
