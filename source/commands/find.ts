import type {Found, FoundRow} from '../api/contract.js';
import {SluiceError} from '../model/errors.js';
import {type Clock, clockOf} from './clock.js';
import type {Run} from './command.js';
import {eachPage} from './each-page.js';
import {numberFlag, textFlag} from './flags.js';
import {alignedTable, type Column, printList, shown, thousands} from './output.js';

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
	const limit = numberFlag(flags, 'limit') ?? defaultRows;
	const offset = numberFlag(flags, 'offset') ?? 0;
	const asked = {text: words[0] ?? '', connector: textFlag(flags, 'connector'), since: textFlag(flags, 'since')};
	const clock = await clockOf(context, client);
	let found: Found | null = null;
	const shownRows = new Map<string, number>();
	const printed = await eachPage<FoundRow>(
		async (page) => {
			found = await client.find({...asked, ...page});
			return found;
		},
		{offset, limit},
		(items) => {
			for (const {execution} of items) shownRows.set(execution, (shownRows.get(execution) ?? 0) + 1);
			printList(context, items, columnsIn(clock), '');
		},
	);
	const answer = found as Found | null;
	if (answer === null) return 0;
	if (answer.total === 0 && !context.json) context.print(`No row of a kept execution holds "${words[0]}".`);
	const tell = context.json ? context.say : context.print;
	tell(...notShown(answer, {offset, printed, shownRows}, clock));
	return 0;
};

const defaultRows = 100;

const columnsIn = (clock: Clock): readonly Column<FoundRow>[] => [
	{title: clock.title('at'), of: ({at}) => clock.time(at)},
	{title: 'connector', of: ({connector}) => connector},
	{title: 'mode', of: ({mode}) => mode},
	{title: 'execution', of: ({execution}) => execution},
	{title: 'table', of: ({table}) => table},
	{title: 'row', of: ({row}) => row, right: true},
	{title: 'outcome', of: ({outcome}) => outcome},
	{title: 'reason', of: ({reason}) => shown(reason)},
	{title: 'value', of: ({matched}) => shown(matched)},
];

type Printed = {readonly offset: number; readonly printed: number; readonly shownRows: ReadonlyMap<string, number>};

/** How many rows each execution has, where not all of them are shown, and what was not searched. */
function notShown({total, runs, unread}: Found, {offset, printed, shownRows}: Printed, clock: Clock): readonly string[] {
	const counts = alignedTable(runs, [
		{title: 'execution', of: ({execution}) => execution},
		{title: 'connector', of: ({connector}) => connector},
		{title: 'mode', of: ({mode}) => mode},
		{title: clock.title('at'), of: ({at}) => clock.time(at)},
		{title: 'rows', of: ({rows}) => thousands(rows), right: true},
		{title: 'shown', of: ({execution}) => thousands(shownRows.get(execution) ?? 0), right: true},
	]);
	const next = offset + printed;
	const further = next < total ? `; --offset ${next} shows the next, --limit 0 all of them` : '';
	return [
		...(printed < total ? ['', ...counts, `${thousands(printed)} of ${thousands(total)} rows are shown${further}.`] : []),
		...unread.map(({execution, connector, mode, reason}) => `Not searched: ${mode} run ${execution} of ${connector}: ${reason}`),
	];
}
