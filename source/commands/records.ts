import type {RecordView} from '../api/contract.js';
import {toJson} from '../model/json.js';
import {own} from '../model/own.js';
import {relatedValue} from '../model/related-record.js';
import type {Run} from './command.js';
import {eachPage} from './each-page.js';
import {numberFlag, textFlag, textsFlag} from './flags.js';
import {alignedTable, shown} from './output.js';

/** `sluice records`: what is in the store, page by page. */
export const records: Run = async (context) => {
	const {words, flags} = context;
	const client = await context.client();
	const filter = {
		find: textFlag(flags, 'find'),
		where: textsFlag(flags, 'where'),
		archived: flags.archived === true ? true : undefined,
	};
	const wanted = {offset: numberFlag(flags, 'offset'), limit: numberFlag(flags, 'limit') ?? 0};
	const printed = await eachPage(
		(page) => client.records(words[0] ?? '', {...filter, ...page}),
		wanted,
		(items) => context.print(...(context.json ? items.map(toJson) : recordsTable(items))),
	);
	if (printed === 0 && !context.json) context.print('No records.');
	return 0;
};

function recordsTable(items: readonly RecordView[]): readonly string[] {
	const fields = [...new Set(items.flatMap((item) => Object.keys(item.fields)))];
	return alignedTable(items, [
		{title: 'id', of: ({id}) => id},
		...(items.some(({archived}) => archived) ? [{title: 'archived', of: ({archived}: RecordView) => (archived ? 'yes' : '')}] : []),
		...fields.map((field) => ({
			title: field,
			of: (record: RecordView) => shown(relatedValue(own(record.fields, field), own(record.related ?? {}, field), true)),
		})),
	]);
}
