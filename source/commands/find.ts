import {SluiceError} from '../model/errors.js';
import type {Run} from './command.js';
import {numberFlag, textFlag} from './flags.js';
import {printList, shown} from './output.js';

/** `sluice find`: which rows of past executions hold a value. */
export const find: Run = async (context) => {
	const {words, flags} = context;
	if ((words[0] ?? '').trim() === '') {
		throw new SluiceError('usage.invalid', 'There is nothing to find in an empty text', {
			expected: 'some of what a cell of the row holds',
			cure: 'Usage: sluice find <text>',
		});
	}
	const client = await context.client();
	const {items} = await client.find({
		text: words[0] ?? '',
		connector: textFlag(flags, 'connector'),
		since: textFlag(flags, 'since'),
		limit: numberFlag(flags, 'limit'),
	});
	printList(
		context,
		items,
		[
			{title: 'at', of: ({at}) => at},
			{title: 'connector', of: ({connector}) => connector},
			{title: 'execution', of: ({execution}) => execution},
			{title: 'table', of: ({table}) => table},
			{title: 'row', of: ({row}) => row, right: true},
			{title: 'outcome', of: ({outcome}) => outcome},
			{title: 'reason', of: ({reason}) => shown(reason)},
			{title: 'value', of: ({matched}) => shown(matched)},
		],
		`No row of a kept execution holds "${words[0]}".`,
	);
	return 0;
};
