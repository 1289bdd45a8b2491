import {tookText} from '../../../model/duration.js';
import type {Execution} from '../../../model/execution.js';
import type {Column} from '../../components/table.js';
import {ageText, countIn} from '../../text/age.js';
import {glyphOf, type Look} from '../../theme/glyph.js';
import {executionSigns} from '../../theme/signs.js';
import type {Tone} from '../../theme/tones.js';
import {kindOf, shortId} from '../shared/words.js';

/** The columns of a list of executions. `withConnector`: where the list is of several connectors. */
export function executionColumns(look: Look, now: number, withConnector: boolean): readonly Column<Execution>[] {
	const number = (key: 'created' | 'updated' | 'skipped' | 'errored', tone: Tone): Column<Execution> => ({
		key,
		title: key,
		width: 7,
		align: 'right',
		cell: ({counts}) => ({text: countIn(counts[key], 7), tone: counts[key] > 0 ? tone : 'muted'}),
	});
	const connector: Column<Execution> = {key: 'connector', title: 'connector', width: 16, grow: 2, cell: ({connector: name}) => name};
	return [
		{
			key: 'status',
			title: 'status',
			width: 11,
			cell: ({status}) => ({
				text: `${glyphOf(executionSigns[status], look)} ${executionSigns[status].word}`,
				tone: executionSigns[status].tone,
			}),
		},
		...(withConnector ? [connector] : []),
		{key: 'id', title: 'execution', width: 13, optional: 6, cell: ({id}) => ({text: shortId(id), tone: 'muted'})},
		{
			key: 'mode',
			title: 'mode',
			width: 4,
			cell: (one) => ({
				text: one.operation === 'export' ? kindOf(one).replace(/ run$/, '') : one.mode,
				tone: one.mode === 'dry' ? 'accent' : 'normal',
			}),
		},
		{
			key: 'objects',
			title: 'object',
			width: 14,
			grow: 1,
			most: 40,
			optional: 7,
			cell: ({objects}) => ({text: objects.join(', '), tone: 'muted'}),
		},
		number('created', 'good'),
		number('updated', 'busy'),
		number('skipped', 'normal'),
		number('errored', 'bad'),
		{
			key: 'warnings',
			title: 'warned',
			width: 6,
			align: 'right',
			optional: 4,
			cell: ({counts}) => ({text: countIn(counts.warnings, 6), tone: counts.warnings > 0 ? 'warning' : 'muted'}),
		},
		{
			key: 'started',
			title: 'started',
			width: 10,
			align: 'right',
			cell: ({started_at: at, queued_at: queued}) => ageText(at ?? queued, now),
		},
		{
			key: 'took',
			title: 'took',
			width: 11,
			align: 'right',
			optional: 3,
			cell: (one) => ({text: tookText(one, one.status === 'running', now), tone: 'muted'}),
		},
		{key: 'by', title: 'by', width: 8, grow: 1, optional: 5, cell: ({started_by: by}) => by},
	];
}
