import type {ExecutionMode} from '../../model/execution.js';

export type Waiting = {
	readonly id: string;
	readonly connector: string;
	readonly mode: ExecutionMode;
	/** A crash or shutdown interrupted it: it goes on with what it started with, active or not. */
	readonly interrupted: boolean;
	/** Nothing more is done of it but to account for what was committed: nothing holds it back. */
	readonly closing: boolean;
};

export type Running = Pick<Waiting, 'id' | 'connector' | 'mode'>;

export type ConnectorRule = {
	readonly active: boolean;
	/** Whether its files can be read as they stand. */
	readonly valid: boolean;
	/** 0 queues and runs nothing. */
	readonly maxConcurrent: number;
};

/** Why a queued execution does not run yet. `max_concurrent_executions`: it is 0, so only a change of the configuration lets it run. */
export type WaitReason = 'activation' | 'configuration' | 'max_concurrent_executions' | 'concurrency' | 'slot' | 'disk' | 'start';

export type Choice = {readonly start: readonly string[]; readonly waits: ReadonlyMap<string, WaitReason>};

/** Dry runs have a slot of their own beside the live ones (SPEC 9). */
const dryRunsAtOnce = 1;

/**
 * What starts now, and what everything else waits for (SPEC 9): first in, first out within a connector,
 * its `max_concurrent_executions`, and `limits.max_running_executions` for the machine.
 *
 * @param queue in the order of arrival
 */
export function choose(
	queue: readonly Waiting[],
	running: readonly Running[],
	rules: {
		/** Whether anything may start at all; it may unless given. */
		readonly ready?: boolean;
		readonly maxRunning: number;
		readonly ruleOf: (connector: string) => ConnectorRule;
		readonly waitsForDisk?: (id: string) => boolean;
		/** Whether the process that had it last is still there: it keeps its place, and starts when that has left. */
		readonly leaves?: (id: string) => boolean;
	},
): Choice {
	if (rules.ready === false) return {start: [], waits: new Map(queue.map(({id}) => [id, 'configuration']))};
	const start: string[] = [];
	const waits = new Map<string, WaitReason>();
	const live = running.filter(({mode}) => mode === 'live');
	const busy = new Map<string, number>();
	for (const {connector} of live) busy.set(connector, (busy.get(connector) ?? 0) + 1);
	let liveCount = live.length;
	let dryCount = running.length - live.length;
	/** Why the first waiting execution of a connector waits: none behind it may overtake. */
	const first = new Map<string, WaitReason>();

	for (const {id, connector, mode, interrupted, closing} of queue) {
		const held = rules.waitsForDisk?.(id) ? 'disk' : rules.leaves?.(id) ? 'start' : null;
		if (closing && held) {
			waits.set(id, held);
			continue;
		}
		const rule = rules.ruleOf(connector);
		if (mode === 'dry') {
			const reason = closing ? null : !rule.valid && !interrupted ? 'configuration' : (held ?? (dryCount >= dryRunsAtOnce ? 'slot' : null));
			if (reason) waits.set(id, reason);
			else {
				dryCount++;
				start.push(id);
			}
			continue;
		}
		const here = busy.get(connector) ?? 0;
		const reason = closing
			? null
			: (first.get(connector) ?? whyNot(rule, interrupted, here) ?? held ?? (liveCount >= rules.maxRunning ? 'slot' : null));
		if (reason) {
			waits.set(id, reason);
			first.set(connector, reason);
			continue;
		}
		busy.set(connector, here + 1);
		liveCount++;
		start.push(id);
	}
	return {start, waits};
}

function whyNot(rule: ConnectorRule, interrupted: boolean, running: number): WaitReason | null {
	if (!interrupted && !rule.active) return 'activation';
	if (!interrupted && !rule.valid) return 'configuration';
	if (rule.maxConcurrent === 0) return 'max_concurrent_executions';
	return running >= rule.maxConcurrent ? 'concurrency' : null;
}
