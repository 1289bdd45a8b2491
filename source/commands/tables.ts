import type {Run} from './command.js';
import {printList, thousands} from './output.js';

/** `sluice tables`: the tables an execution keeps. */
export const tables: Run = async (context) => {
	const client = await context.client();
	const {items} = await client.tables(context.words[0] ?? '');
	printList(
		context,
		items,
		[
			{title: 'table', of: ({table}) => table},
			{title: 'rows', of: ({rows}) => thousands(rows), right: true},
		],
		'No tables: the execution did not get as far as its SQL.',
	);
	return 0;
};
