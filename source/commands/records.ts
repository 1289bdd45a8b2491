import type {List, RecordView} from '../api/contract.js';
import {toJson} from '../model/json.js';
import {own} from '../model/own.js';
import type {Run} from './command.js';
import {numberFlag, textFlag, textsFlag} from './flags.js';
import {alignedTable, shown} from './output.js';

const pageRecords = 1000;

/** `sluice records`: what is in the store, page by page. */
export const records: Run = async (context) => {
	const {words, flags} = context;
	const client = await context.client();
	const limit = numberFlag(flags, 'limit') ?? 0;
	let left = limit === 0 ? Number.POSITIVE_INFINITY : limit;
	let offset: number | null = numberFlag(flags, 'offset') ?? 0;
	let printed = 0;
	while (offset !== null && left > 0) {
		const page: List<RecordView> = await client.records(words[0] ?? '', {
			find: textFlag(flags, 'find'),
			where: textsFlag(flags, 'where'),
			archived: flags.archived === true ? true : undefined,
			offset,
			limit: Math.min(left, pageRecords),
		});
		if (context.json && page.items.length > 0) context.print(...page.items.map(toJson));
		else if (page.items.length > 0) context.print(...recordsTable(page.items));
		printed += page.items.length;
		left -= page.items.length;
		offset = page.items.length === 0 ? null : page.next;
	}
	if (printed === 0 && !context.json) context.print('No records.');
	return 0;
};

function recordsTable(items: readonly RecordView[]): readonly string[] {
	const fields = [...new Set(items.flatMap((item) => Object.keys(item.fields)))];
	return alignedTable(items, [
		{title: 'id', of: ({id}) => id},
		...(items.some(({archived}) => archived) ? [{title: 'archived', of: ({archived}: RecordView) => (archived ? 'yes' : '')}] : []),
		...fields.map((field) => ({title: field, of: (record: RecordView) => shown(own(record.fields, field))})),
	]);
}
