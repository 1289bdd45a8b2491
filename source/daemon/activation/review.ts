import type {QueueDecision} from '../../api/contract.js';

export type Review = {
	/** The queue as it stands. */
	readonly revision: number;
	readonly ids: readonly string[];
	/** The revision that was last shown to this person, if any. */
	readonly shown: number | null;
	readonly decision: QueueDecision | undefined;
	/** The revision the decision names itself. */
	readonly given: number | undefined;
};

export type Verdict =
	/** Activates, after these executions are cancelled. */
	| {readonly do: 'activate'; readonly cancel: readonly string[]}
	/** The queue must be looked at first, for this reason. */
	| {readonly do: 'ask'; readonly why: 'undecided' | 'not_shown' | 'changed'}
	| {readonly do: 'refuse'; readonly unknown: readonly string[]};

/** Whether a decision about the queue counts: only what was shown and kept runs (SPEC 10). */
export function judge({revision, ids, shown, decision, given}: Review): Verdict {
	if (given !== undefined && given !== revision) return {do: 'ask', why: 'changed'};
	if (ids.length === 0) return {do: 'activate', cancel: []};
	if (!decision) return {do: 'ask', why: 'undecided'};
	const seen = given ?? shown;
	if (seen === null) return {do: 'ask', why: 'not_shown'};
	if (seen !== revision) return {do: 'ask', why: 'changed'};
	if ('keep' in decision) return {do: 'activate', cancel: []};
	if (decision.cancel === 'all') return {do: 'activate', cancel: ids};
	const matches = decision.cancel.map((prefix) => ({prefix, found: ids.filter((id) => id.startsWith(prefix.toLowerCase()))}));
	const unknown = matches.filter(({found}) => found.length !== 1).map(({prefix}) => prefix);
	if (unknown.length > 0) return {do: 'refuse', unknown};
	return {do: 'activate', cancel: [...new Set(matches.flatMap(({found}) => found))]};
}
