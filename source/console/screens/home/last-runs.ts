import {tookText} from '../../../model/duration.js';
import type {Execution} from '../../../model/execution.js';
import {ageText, countIn} from '../../text/age.js';
import {toWidth} from '../../text/fit.js';
import {glyphOf, type Look} from '../../theme/glyph.js';
import type {Span} from '../../theme/paint.js';
import {executionSigns} from '../../theme/signs.js';
import {kindOf} from '../shared/words.js';

const counts = ['created', 'updated', 'skipped', 'errored'] as const;
const tones = {created: 'good', updated: 'busy', skipped: 'normal', errored: 'bad'} as const;
/** All columns, and the margin. */
const wide = 118;

/** The run dashboard's columns behind the title `LAST RUNS  5`: what a run did, when it began and ended. */
export function recentHead(many: number, width: number): readonly Span[] {
	const taken = 'LAST RUNS  '.length + String(many).length;
	const names = [
		...(width >= wide ? [toWidth('object', 18), toWidth('kind', 10)] : []),
		...counts.map((name) => toWidth(name, 8, 'right')),
	];
	const times = [toWidth('started', 12, 'right'), ...(width >= wide ? [toWidth('took', 12, 'right')] : [])];
	return [{text: `${' '.repeat(Math.max(1, 33 - taken))}${[...names, ...times].join('')}`, tone: 'muted'}];
}

export function recentSpans(
	execution: Execution,
	{now, width}: {readonly now: number; readonly width: number},
	look: Look,
): readonly Span[] {
	const {status, connector, objects, started_at: started, ended_at: ended, queued_at: queued} = execution;
	const sign = executionSigns[status];
	const took = ended === null ? '' : tookText(execution, false, now);
	return [
		{text: ` ${glyphOf(sign, look)} ${toWidth(sign.word, 10)}`, tone: sign.tone},
		{text: `${toWidth(connector, 19)} `},
		...(width >= wide ? [{text: `${toWidth(objects.join(', '), 17)} ${toWidth(kindOf(execution), 10)}`, tone: 'muted' as const}] : []),
		...counts.map((name): Span => {
			const amount = execution.counts[name];
			return {text: toWidth(countIn(amount, 7), 8, 'right'), tone: amount > 0 ? tones[name] : 'muted'};
		}),
		{text: toWidth(ageText(started ?? queued, now), 12, 'right')},
		...(width >= wide ? [{text: toWidth(took, 12, 'right'), tone: 'muted' as const}] : []),
	];
}
