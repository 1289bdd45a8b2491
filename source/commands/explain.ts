import {SluiceError} from '../model/errors.js';
import {toJson} from '../model/json.js';
import {type RelatedRecord, relatedValue} from '../model/related-record.js';
import type {Run} from './command.js';
import {numberFlag, textFlag} from './flags.js';
import {namedRelated} from './named-related.js';
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
	else for (const [stage, told] of Object.entries(explanation)) context.print(stage, ...indented(named(told), '  '));
	return 0;
};

/** What a stage tells, with the identifiers of related records beside their ids. */
function named(told: unknown): unknown {
	if (told === null || typeof told !== 'object' || !('rules' in told) || !('fields' in told)) return told;
	const {related: _related, ...step} = namedRelated(told as Members);
	return {...step, rules: partsOf(step.rules), fields: partsOf(step.fields)};
}

type Members = Readonly<Record<string, unknown>>;

/** Rules and fields, each with related records of its own. */
function partsOf(parts: unknown): readonly Members[] {
	return (parts as readonly Members[]).map(({related, ...part}) => {
		const records = related as readonly RelatedRecord[] | undefined;
		const values = Object.entries(part).map(([key, value]) => [
			key,
			key === 'variables'
				? Object.fromEntries(Object.entries(value as Members).map(([name, one]) => [name, relatedValue(one, records, true)]))
				: relatedValue(value, records, true),
		]);
		return Object.fromEntries(values) as Members;
	});
}

/** Nested values as indented lines, one a member. */
function indented(value: unknown, margin: string): readonly string[] {
	if (value === null || typeof value !== 'object') return [margin + (shown(value) || '-')];
	return Object.entries(value).flatMap(([key, member]) =>
		member !== null && typeof member === 'object' && Object.keys(member).length > 0
			? [`${margin}${key}`, ...indented(member, `${margin}  `)]
			: [`${margin}${key}: ${typeof member === 'object' ? '-' : shown(member)}`],
	);
}
