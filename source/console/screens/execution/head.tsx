import {Box} from 'ink';
import type {ReactElement} from 'react';
import {tookText} from '../../../model/duration.js';
import type {Execution} from '../../../model/execution.js';
import {minuteText, momentText} from '../../../model/moment.js';
import {Line} from '../../components/line.js';
import {timezoneOf} from '../../live/live.js';
import {ageText, count} from '../../text/age.js';
import {glyphOf} from '../../theme/glyph.js';
import {useLook} from '../../theme/look.js';
import type {Span} from '../../theme/paint.js';
import {executionSigns} from '../../theme/signs.js';
import type {ScreenContext} from '../screen.js';
import {countOf, kindOf, waitText} from '../shared/words.js';

/** Three lines: what it is and how it stands; what it counted; what it reads or waits for. */
export function HeadLines({
	execution,
	around: {width, now, live},
}: {
	readonly execution: Execution;
	readonly around: ScreenContext;
}): ReactElement {
	const look = useLook();
	const sign = executionSigns[execution.status];
	const dry = execution.mode === 'dry';
	return (
		<Box flexDirection="column">
			<Line
				width={width}
				spans={[
					{text: ` ${glyphOf(sign, look)} ${sign.word}`, tone: sign.tone},
					{text: `  ${execution.connector}`, tone: 'strong'},
					{text: `  ${kindOf(execution)}`, tone: dry ? 'accent' : 'normal'},
					{text: dry ? ' (nothing is written)' : ''},
					{text: `  by ${execution.started_by}  ${timesText(execution, now, width, timezoneOf(live))}`},
				]}
			/>
			<Line width={width} spans={countSpans(execution, width)} />
			<Line width={width} spans={inputSpans(execution)} />
		</Box>
	);
}

function timesText(execution: Execution, now: number, width: number, timezone: string): string {
	const {started_at: started, ended_at: ended, queued_at: queued, status} = execution;
	if (started === null) return `queued ${ageText(queued, now)}`;
	if (ended === null) return `running for ${tookText(execution, status === 'running', now)}`;
	return `took ${tookText(execution, false, now)}  ${(width < 100 ? minuteText : momentText)(started, timezone)}`;
}

function countSpans({counts, warnings}: Execution, width: number): readonly Span[] {
	const {created, updated, skipped, errored} = counts;
	return [
		{text: ` created ${count(created)}`, tone: created > 0 ? 'good' : 'muted'},
		{text: `   updated ${count(updated)}`, tone: updated > 0 ? 'busy' : 'muted'},
		{text: `   skipped ${count(skipped)}`, tone: skipped > 0 ? 'normal' : 'muted'},
		{text: `   errored ${count(errored)}`, tone: errored > 0 ? 'bad' : 'muted'},
		{
			text: `   ${width < 100 ? 'warned' : 'rows with warnings'} ${count(counts.warnings)}`,
			tone: counts.warnings > 0 ? 'warning' : 'muted',
		},
		...(warnings[0] ? [{text: `   ! ${noteText(warnings[0].message, warnings.length, width)}`, tone: 'warning' as const}] : []),
	];
}

function noteText(first: string, notes: number, width: number): string {
	if (width < 100) return countOf(notes, 'note');
	return notes > 1 ? `${notes} notes, first: ${first}` : first;
}

/** Whether the input was not read to its end: how many rows it has is not known then. */
function unread({stages}: Execution): boolean {
	return stages.some(({stage, state}) => stage === 'intake' && state !== 'completed' && state !== 'running');
}

function inputSpans(execution: Execution): readonly Span[] {
	const {input_file: file, rows} = execution;
	const waits = waitText(execution);
	if (waits !== '') return [{text: ` ${waits}`, tone: 'waiting'}];
	const scopes = Object.entries(rows.by_scope).map(([scope, amount]) => `${scope} ${count(amount)}`);
	return [
		{text: ` ${file === null ? 'no input file' : file}`},
		{text: rows.input === null || unread(execution) ? '' : `  ${countOf(rows.input, 'row')}`, tone: 'muted'},
		{text: scopes.length === 0 ? '' : `  ${scopes.join(' · ')}`, tone: 'muted'},
	];
}
