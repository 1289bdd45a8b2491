import type {MatchingRule} from '../../../model/load-step.js';
import {unreachable} from '../../../model/unreachable.js';

/** The ids of the records that hold a value. */
export type Candidates = {readonly active: readonly string[]; readonly archived: readonly string[]};

export type MatchOutcome = 'no_match' | 'single_match' | 'multiple_match' | 'archived_match';

export type Decision =
	| {readonly do: 'create'; readonly pushAside: string | null}
	| {readonly do: 'update'; readonly record: string; readonly unarchive: boolean}
	| {readonly do: 'unarchive'; readonly record: string}
	/** `record`: the one active record that was found and is left alone, else null. */
	| {readonly do: 'skip'; readonly because: MatchOutcome; readonly constrained: boolean; readonly record: string | null};

export type Decided = {readonly decision: Decision; readonly rule: number};

type Actions = Pick<MatchingRule, 'noMatch' | 'singleMatch' | 'multipleMatch' | 'archivedMatch'>;

export const nobody: Candidates = {active: [], archived: []};

/** Which of a rule's four actions applies. Several archived records and no active one are as ambiguous as several active (SPEC 8.1). */
export function outcomeOf({active, archived}: Candidates): MatchOutcome {
	if (active.length === 1) return 'single_match';
	if (active.length > 1 || archived.length > 1) return 'multiple_match';
	return archived.length === 1 ? 'archived_match' : 'no_match';
}

/**
 * Tries the rules in order until one decides (SPEC 8.1).
 *
 * @param find the records that hold this row's value in the field of the rule at this index, from 0; nobody for a blank value
 * @returns the decision and the number of the rule that took it, from 1
 */
export function decide(rules: readonly Actions[], find: (rule: number) => Candidates): Decided {
	let within: Candidates | null = null;
	let because: MatchOutcome = 'no_match';
	for (let index = 0; index < rules.length; index++) {
		const rule = rules[index] as Actions;
		const found: Candidates = within === null ? find(index) : narrowed(find(index), within);
		because = outcomeOf(found);
		const step = actionOf(rule, because);
		if (step === 'next_rule_constrained') within = found;
		else if (step === 'next_rule_ignore_matches') within = null;
		else if (step === 'create_new' && found.archived.length === 0) return plainly(index + 1);
		else return {decision: decisionOf(step, because, found, within !== null), rule: index + 1};
	}
	// A configuration whose last rule falls through is refused when it is read; a row that gets here all the same is left alone.
	return {decision: {do: 'skip', because, constrained: within !== null, record: null}, rule: rules.length};
}

const creations: Decided[] = [];

/** Creating without more, by far the most frequent decision: made once for each rule. */
function plainly(rule: number): Decided {
	const known = creations[rule] ?? {decision: {do: 'create', pushAside: null}, rule};
	creations[rule] = known;
	return known;
}

function actionOf(rule: Actions, outcome: MatchOutcome) {
	switch (outcome) {
		case 'no_match':
			return rule.noMatch;
		case 'single_match':
			return rule.singleMatch;
		case 'multiple_match':
			return rule.multipleMatch;
		case 'archived_match':
			return rule.archivedMatch;
		default:
			return unreachable(outcome);
	}
}

function decisionOf(
	action: 'create_new' | 'update_current' | 'unarchive_and_update' | 'unarchive_only' | 'do_not_upload',
	because: MatchOutcome,
	{active, archived}: Candidates,
	constrained: boolean,
): Decision {
	switch (action) {
		case 'create_new':
			return {do: 'create', pushAside: archived[0] ?? null};
		case 'update_current':
			return {do: 'update', record: active[0] as string, unarchive: false};
		case 'unarchive_and_update':
			return {do: 'update', record: archived[0] as string, unarchive: true};
		case 'unarchive_only':
			return {do: 'unarchive', record: archived[0] as string};
		case 'do_not_upload':
			return {do: 'skip', because, constrained, record: because === 'single_match' ? (active[0] as string) : null};
		default:
			return unreachable(action);
	}
}

function narrowed(found: Candidates, within: Candidates): Candidates {
	return {
		active: found.active.filter((id) => within.active.includes(id) || within.archived.includes(id)),
		archived: found.archived.filter((id) => within.archived.includes(id) || within.active.includes(id)),
	};
}
