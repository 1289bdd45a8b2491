import type {ConnectorStatus, NeedsYou} from '../../api/contract.js';
import type {ExecutionStatus, StageState} from '../../model/execution.js';
import type {Outcome} from '../../model/outcome.js';
import type {Tone} from './tones.js';

/** A state as SPEC 14 wants it: glyph + word + colour, never the colour alone. `ascii` stands where Unicode cannot. */
export type Sign = {
	readonly glyph: string;
	readonly ascii: string;
	readonly word: string;
	/** The word where there is little room. */
	readonly short?: string;
	readonly tone: Tone;
};

const sign = (glyph: string, ascii: string, word: string, tone: Tone): Sign => ({glyph, ascii, word, tone});

export const executionSigns: Readonly<Record<ExecutionStatus, Sign>> = {
	queued: sign('◷', 'q', 'queued', 'waiting'),
	running: sign('▶', '>', 'running', 'busy'),
	completed: sign('✓', '+', 'completed', 'good'),
	warning: sign('!', '!', 'warning', 'warning'),
	failed: sign('✗', 'x', 'failed', 'bad'),
	cancelled: sign('■', '#', 'cancelled', 'muted'),
};

export const connectorSigns: Readonly<Record<ConnectorStatus, Sign>> = {
	setup: {...sign('○', 'o', 'Setup in Progress', 'waiting'), short: 'Setup'},
	operational: sign('●', '*', 'Operational', 'good'),
	needs_attention: {...sign('!', '!', 'Operational (Needs Attention)', 'warning'), short: 'Needs Attention'},
	inactive: sign('‖', '=', 'Inactive', 'muted'),
};

export const stageSigns: Readonly<Record<StageState, Sign>> = {
	waiting: sign('·', '.', 'waiting', 'muted'),
	running: sign('▶', '>', 'running', 'busy'),
	completed: sign('✓', '+', 'completed', 'good'),
	failed: sign('✗', 'x', 'failed', 'bad'),
	cancelled: sign('■', '#', 'cancelled', 'muted'),
	skipped: sign('-', '-', 'skipped', 'muted'),
};

export const outcomeSigns: Readonly<Record<Outcome, Sign>> = {
	created: sign('+', '+', 'created', 'good'),
	updated: sign('~', '~', 'updated', 'busy'),
	skipped: sign('-', '-', 'skipped', 'muted'),
	errored: sign('✗', 'x', 'errored', 'bad'),
};

export const needSigns: Readonly<Record<NeedsYou['kind'], Sign>> = {
	failed: sign('✗', 'x', 'failed', 'bad'),
	review: sign('?', '?', 'review', 'warning'),
	attention: sign('!', '!', 'attention', 'warning'),
	problem: sign('✎', 'p', 'problem', 'warning'),
	waiting: sign('◷', 'q', 'waiting', 'waiting'),
};

const unknown = sign('?', '?', 'unknown', 'muted');

/** The sign of an outcome as the daemon words it, such as an entry of a connector's health. */
export function signOf(status: string): Sign {
	return (executionSigns as Readonly<Record<string, Sign>>)[status] ?? {...unknown, word: status};
}

/** The word of a sign, the short one where the whole does not fit. */
export function wordIn({word, short}: Sign, width: number): string {
	return word.length > width && short !== undefined ? short : word;
}
