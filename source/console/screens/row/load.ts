import {type RelatedRecord, relatedValue} from '../../../model/related-record.js';
import {outcomeSigns} from '../../theme/signs.js';
import {valueText} from '../shared/words.js';
import type {StageLine} from './stage-line.js';

type Rule = {
	readonly rule: number;
	readonly field: string;
	readonly variable: string;
	readonly value: unknown;
	readonly state: 'went on' | 'decided' | 'not reached';
	readonly possible: readonly {readonly match: string; readonly action: string}[];
	readonly candidates_now: readonly {readonly id: string; readonly archived: boolean; readonly record?: string | null}[] | null;
	readonly related?: readonly RelatedRecord[];
};

type Field = {
	readonly field: string;
	readonly incoming: unknown;
	readonly conflict: string;
	readonly old: unknown;
	readonly new: unknown;
	readonly changed: boolean;
	readonly related?: readonly RelatedRecord[];
};

/** One load step as a row met it. */
export type ExplainedStep = {
	readonly name: string;
	readonly object: string;
	readonly outcome: string;
	readonly reason: string | null;
	readonly record_id: string | null;
	readonly record: string | null;
	readonly rule: number | null;
	readonly warnings: readonly string[];
	readonly rules: readonly Rule[];
	readonly fields: readonly Field[];
	readonly automations: readonly {readonly automation: string; readonly because: string}[];
};

/** The labels of SPEC 8.1 and 8.2, which people know from the configuration pages of Kizen. */
const labels: Readonly<Record<string, string>> = {
	create_new: 'Create New Record',
	update_current: 'Update Existing Record',
	do_not_upload: 'Do Not Upload Row',
	next_rule_ignore_matches: 'Go to Next Field Matching Rule & Ignore Matches',
	next_rule_constrained: 'Go to Next Field Matching Rule (Constrained)',
	unarchive_and_update: 'Unarchive Record & Update',
	unarchive_only: 'Unarchive Record Only',
	overwrite: 'Overwrite (Clear field if blank)',
	overwrite_skip_blank: 'Overwrite (But Skip if Blank)',
	only_update_blank: 'Only Update Blank',
	only_add_options: 'Only Add Options',
	no_match: 'no match',
	single_match: 'single match',
	multiple_match: 'multiple matches',
	archived_match: 'archived match',
};

export function labelOf(word: string): string {
	return labels[word] ?? word;
}

/** A step's lines: how it ended, rule by rule with candidates and action, field by field old → new, automations. */
export function loadLines(step: ExplainedStep): readonly StageLine[] {
	return [
		...endLines(step),
		[],
		[{text: 'Matching', tone: 'title'}],
		...(step.rules.length === 0 ? [muted('  no rule was tried')] : step.rules.flatMap(ruleLines)),
		[],
		[
			{text: 'Fields', tone: 'title'},
			{text: '   field, old → new, conflict rule', tone: 'muted'},
		],
		...step.fields.flatMap(fieldLines),
		[],
		[{text: 'Automations', tone: 'title'}],
		...(step.automations.length === 0
			? [muted('  none')]
			: step.automations.map(({automation, because}): StageLine => [{text: `  ${automation}`}, {text: `  ${because}`, tone: 'muted'}])),
	];
}

function endLines({outcome, reason, record, record_id: id, object, warnings}: ExplainedStep): readonly StageLine[] {
	const sign = (outcomeSigns as Readonly<Record<string, (typeof outcomeSigns)['created']>>)[outcome];
	return [
		[
			{text: `${sign?.glyph ?? '?'} ${outcome}`, tone: sign?.tone ?? 'normal'},
			{text: reason === null ? '' : `  ${reason}`},
			{text: `  ${object}${record === null ? '' : ` ${record}`}`, tone: 'strong'},
		],
		...(id === null ? [] : [muted(`record ${id}`)]),
		...warnings.map((warning): StageLine => [{text: `! ${warning}`, tone: 'warning'}]),
	];
}

function ruleLines({rule, field, variable, value, state, possible, candidates_now: candidates, related}: Rule): readonly StageLine[] {
	const sought = valueText(relatedValue(value, related, true));
	const took = possible.map(({match, action}) => `${labelOf(match)}: ${labelOf(action)}`).join(' or ');
	return [
		[
			{text: `  ${rule}. ${field} = ${variable} `, tone: state === 'not reached' ? 'muted' : 'strong'},
			{text: sought === '' ? '(blank: matches nothing)' : `"${sought}"`, tone: state === 'not reached' ? 'muted' : 'normal'},
			{text: `  ${state}`, tone: state === 'decided' ? 'good' : 'muted'},
		],
		...(took === '' ? [] : [[{text: `     ${took}`, tone: 'accent'}] as StageLine]),
		...(candidates === null ? [] : [muted(`     held today by ${candidatesText(candidates)}`)]),
	];
}

function candidatesText(candidates: NonNullable<Rule['candidates_now']>): string {
	if (candidates.length === 0) return 'no record';
	return candidates.map(({id, archived, record}) => `${record ? `${record} (${id})` : id}${archived ? ' (archived)' : ''}`).join(', ');
}

function fieldLines({field, incoming, conflict, old, new: after, changed, related}: Field): readonly StageLine[] {
	const blank = (value: unknown) => valueText(relatedValue(value, related, true)) || '(blank)';
	return [
		[
			{text: `  ${changed ? '*' : ' '} ${field}  `, tone: changed ? 'strong' : 'normal'},
			changed ? {text: `${blank(old)} → ${blank(after)}`, tone: 'marked'} : {text: blank(after), tone: 'muted'},
		],
		muted(`      incoming ${blank(incoming)}  ${labelOf(conflict)}`),
	];
}

function muted(text: string): StageLine {
	return [{text, tone: 'muted'}];
}
