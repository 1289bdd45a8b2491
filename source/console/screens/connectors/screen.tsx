import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {ConnectorSummary} from '../../../api/contract.js';
import {formatPlace} from '../../../model/problem.js';
import {TitledBox} from '../../components/box.js';
import {healthSpans, healthText} from '../../components/health.js';
import {type Column, Table} from '../../components/table.js';
import {ageText, count} from '../../text/age.js';
import {glyphOf, type Look} from '../../theme/glyph.js';
import {useLook} from '../../theme/look.js';
import type {Span} from '../../theme/paint.js';
import {connectorSigns, executionSigns, wordIn} from '../../theme/signs.js';
import {toggleWord} from '../connector/deactivate.js';
import {type DrawProps, defineScreen, type ScreenContext} from '../screen.js';
import {type Command, lastOf, listHeight, onKey, type State, start, update} from './model.js';

export const connectors = defineScreen<'connectors', State, Command>({
	name: 'connectors',
	scopes: ['list', 'columns', 'connectorActions', 'connectors'],
	title: () => 'Connectors',
	filter: ({find, shown}) => (find === '' ? `${shown.length}` : `/${find}  ${shown.length}`),
	start: (_place, around) => start(around),
	update,
	onKey: (_state, key) => onKey(key),
	heard: () => ({type: 'heard'}),
	returned: () => ({type: 'heard'}),
	word: ({shown, list}, key) => {
		const here = shown[list.cursor];
		return key === 'toggleActive' && here !== undefined ? toggleWord(here) : null;
	},
	find: {text: ({find}) => find, changed: (text) => ({type: 'found', text})},
	commandLine: () => 'sluice status',
	Draw: Connectors,
});

function Connectors({state, around}: DrawProps<State>): ReactElement {
	const look = useLook();
	const {width, height} = around;
	const here = state.shown[state.list.cursor];
	const empty = whyEmpty(state, around);
	return (
		<Box flexDirection="column">
			<Table
				columns={columnsFor(around, look)}
				total={state.shown.length}
				rowAt={(index) => state.shown[index]}
				cursor={state.list.cursor}
				top={state.list.top}
				width={width}
				height={listHeight(height)}
				sort={state.sort}
				cursorColumn={state.column}
				empty={empty}
			/>
			{here && height >= 16 && (
				<TitledBox
					title={here.name === here.api_name ? here.name : `${here.name} · ${here.api_name}`}
					lines={preview(here, around, look)}
					width={width}
					height={8}
				/>
			)}
		</Box>
	);
}

function whyEmpty({find}: State, {live}: ScreenContext): string {
	if (live.status === null) return live.lost ? 'Nothing is known yet: the daemon does not answer.' : 'Asking the daemon…';
	return find === ''
		? 'No connectors yet: each is a folder in connectors/. `sluice demo DIR` makes some to look at.'
		: `Nothing matches "${find}". / and an empty text show all.`;
}

function columnsFor({live, now, width}: ScreenContext, look: Look): readonly Column<ConnectorSummary>[] {
	return [
		{key: 'connector', title: 'connector', width: 18, grow: 1, most: 32, cell: ({api_name}) => api_name},
		{
			key: 'status',
			title: 'status',
			width: width < 120 ? 17 : 31,
			cell: ({status}) => ({
				text: `${glyphOf(connectorSigns[status], look)} ${wordIn(connectorSigns[status], width < 120 ? 16 : 29)}`,
				tone: connectorSigns[status].tone,
			}),
		},
		{key: 'type', title: 'type', width: 11, optional: 1, cell: ({type}) => type},
		{
			key: 'last',
			title: 'last run',
			width: 12,
			cell: (connector) => {
				const last = lastOf(live, connector);
				if (!last) return 'never';
				const sign = executionSigns[last.status];
				return {text: `${glyphOf(sign, look)} ${ageText(last.ended_at ?? last.queued_at, now)}`, tone: sign.tone};
			},
		},
		{key: 'next', title: 'next run', width: 9, cell: ({next_run}) => (next_run === null ? '-' : ageText(next_run, now))},
		{
			key: 'queued',
			title: 'queue',
			width: 5,
			align: 'right',
			cell: ({queued}) => ({text: count(queued), tone: queued > 0 ? 'waiting' : 'muted'}),
		},
		{key: 'health', title: 'last 20', width: 11, cell: ({health}) => healthText(health)},
	];
}

function preview(connector: ConnectorSummary, {live, now}: ScreenContext, look: Look): readonly (string | readonly Span[])[] {
	const sign = connectorSigns[connector.status];
	const last = lastOf(live, connector);
	const lines: (string | readonly Span[])[] = [
		[
			{text: `${glyphOf(sign, look)} ${sign.word}`, tone: sign.tone},
			{text: connector.reason === null ? '' : `: ${connector.reason}`},
			{text: `   running ${connector.running}   queued ${connector.queued}`, tone: 'muted'},
		],
		[{text: 'last 20 '}, ...healthSpans(connector.health, 20, look), {text: `  ${healthText(connector.health)}`, tone: 'muted'}],
	];
	if (last) {
		const {created, updated, skipped, errored, warnings} = last.counts;
		lines.push(
			`${last.status === 'queued' ? 'queued  ' : 'last run'} ${ageText(last.queued_at, now)} by ${last.started_by}`,
			`         created ${count(created)}  updated ${count(updated)}  skipped ${count(skipped)}  errored ${count(errored)}  warned ${count(warnings)}`,
		);
	}
	for (const problem of connector.problems) lines.push([{text: `${formatPlace(problem)}  `, tone: 'warning'}, {text: problem.message}]);
	return lines;
}
