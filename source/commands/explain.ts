import {SluiceError} from '../model/errors.js';
import {toJson} from '../model/json.js';
import type {Run} from './command.js';
import {numberFlag, textFlag} from './flags.js';
import {shown} from './output.js';

/** `sluice explain`: one row from its input line to its field values. */
export const explain: Run = async (context) => {
	const row = numberFlag(context.flags, 'row');
	if (row === undefined)
		throw new SluiceError('usage.unknown', '"sluice explain" needs --row N', {cure: 'Rows count from 1, in the order of the scope.'});
	if (row < 1)
		throw new SluiceError('usage.invalid', `--row ${row} is not a row`, {
			expected: '1, 2, 3, ...',
			cure: 'Rows count from 1, in the order of the scope.',
		});
	const client = await context.client();
	const explanation = await client.explain(context.words[0] ?? '', row, textFlag(context.flags, 'scope'));
	if (context.json) context.print(toJson(explanation));
	else for (const [stage, told] of Object.entries(explanation)) context.print(stage, ...indented(told, '  '));
	return 0;
};

/** Nested values as indented lines, one a member. */
function indented(value: unknown, margin: string): readonly string[] {
	if (value === null || typeof value !== 'object') return [margin + (shown(value) || '-')];
	return Object.entries(value).flatMap(([key, member]) =>
		member !== null && typeof member === 'object' && Object.keys(member).length > 0
			? [`${margin}${key}`, ...indented(member, `${margin}  `)]
			: [`${margin}${key}: ${typeof member === 'object' ? '-' : shown(member)}`],
	);
}
