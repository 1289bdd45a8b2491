import type {FailureCheck, FailureChecklist} from '../api/contract.js';

const titles: Readonly<Record<FailureCheck['check'], string>> = {
	first_error: 'First error',
	first_skipped: 'First skipped row',
	shape: 'Shape of the file',
	credentials: 'Credentials',
	dry_run: 'Dry run again',
};

const signs: Readonly<Record<FailureCheck['state'], string>> = {ok: '[ok]', look: '[!!]', todo: '[  ]', unknown: '[??]'};

/** The lines of a failure's checklist as a person reads it: a line a point, what was found below it. */
export function checklistText({items}: FailureChecklist): readonly string[] {
	return [
		'What to look at',
		...items.flatMap(({check, state, message, detail, command}) => [
			`  ${signs[state]} ${titles[check].padEnd(18)} ${message}`,
			...detail.map((line) => `${' '.repeat(26)}${line}`),
			...(command === null ? [] : [`${' '.repeat(26)}${command}`]),
		]),
	];
}
