import type {MatchingRule} from '../../model/load-step.js';
import type {RelatedRecord} from '../../model/related-record.js';
import type {FieldValue} from '../../model/value.js';
import type {LoadRow} from '../rows/shapes.js';

export type Match = 'no_match' | 'single_match' | 'multiple_match' | 'archived_match';

/** A record that holds a rule's value; `record` is its unique identifier. */
export type CandidateNow = {readonly id: string; readonly archived: boolean; readonly record?: string | null};

/** One matching rule as a row met it. */
export type ExplainedRule = {
	readonly rule: number;
	readonly field: string;
	readonly variable: string;
	/** The value the rule looked for; null is blank, which matches nothing. */
	readonly value: FieldValue | null;
	/** `went on` to the next rule, `decided`, or was `not reached`. */
	readonly state: 'went on' | 'decided' | 'not reached';
	/** What the rule can have found and done, given how the row ended: one where the record tells, several where it does not. */
	readonly possible: readonly {readonly match: Match; readonly action: string}[];
	/** Who holds the value in the store today, where the caller looked: after a live run, what it wrote is among them. Null: nobody looked. */
	readonly candidates_now: readonly CandidateNow[] | null;
	/** The record that the value is the id or, in a dry run, the identifier of: an earlier step exposed it. */
	readonly related?: readonly RelatedRecord[];
};

type End = Pick<LoadRow, 'outcome' | 'reason' | 'rule'>;

/** The rules of a step in their order, as far as the row's end tells (candidates are not kept, see docs/decisions/0001-kept-tables.md). */
export function explainRules(
	rules: readonly MatchingRule[],
	end: End,
	typedValue: (variable: string) => FieldValue | null,
	exposed: (variable: string) => RelatedRecord | undefined,
): readonly Omit<ExplainedRule, 'candidates_now'>[] {
	return rules.map((rule, index) => {
		const number = index + 1;
		const state = end.rule === null || number > end.rule ? 'not reached' : number < end.rule ? 'went on' : 'decided';
		const value = typedValue(rule.variable);
		const related = exposed(rule.variable);
		const possible = possibleOf(rule, state, end, value);
		return {rule: number, field: rule.field, variable: rule.variable, value, state, possible, ...(related && {related: [related]})};
	});
}

function possibleOf(rule: MatchingRule, state: ExplainedRule['state'], end: End, value: FieldValue | null): ExplainedRule['possible'] {
	if (state === 'not reached') return [];
	const every = [
		{match: 'no_match', action: rule.noMatch},
		{match: 'single_match', action: rule.singleMatch},
		{match: 'multiple_match', action: rule.multipleMatch},
		{match: 'archived_match', action: rule.archivedMatch},
	] as const;
	const open = value === null ? every.filter(({match}) => match === 'no_match') : every;
	return open.filter(({action, match}) => (state === 'went on' ? action.startsWith('next_rule') : endsIn(action, match, end)));
}

/** Whether an action can have led to this end. */
function endsIn(action: string, match: Match, {outcome, reason}: End): boolean {
	if (action.startsWith('next_rule')) return false;
	if (reason?.startsWith('do not upload:')) return action === 'do_not_upload' && told(reason, match);
	switch (outcome) {
		case 'created':
			return action === 'create_new';
		case 'updated':
			return reason === 'unarchived' ? action.startsWith('unarchive') : action === 'update_current';
		case 'skipped':
			return action === 'update_current';
		default:
			return action !== 'do_not_upload';
	}
}

/** The reason names what was found, where it is about finding. */
function told(reason: string, match: Match): boolean {
	if (/: no record|blank/.test(reason)) return match === 'no_match';
	if (/: several/.test(reason)) return match === 'multiple_match';
	if (/: an archived/.test(reason)) return match === 'archived_match';
	return /: a record/.test(reason) ? match === 'single_match' : true;
}
