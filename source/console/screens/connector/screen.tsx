import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {QueueItem} from '../../../api/contract.js';
import {isListMove} from '../../components/list.js';
import {type Column, Table} from '../../components/table.js';
import {Tabs} from '../../components/tabs.js';
import {timezoneOf} from '../../live/live.js';
import {ageText, count} from '../../text/age.js';
import {useLook} from '../../theme/look.js';
import {executionColumns} from '../executions/columns.js';
import {historyColumns} from '../history/columns.js';
import {type ConnectorTab, connectorTabs} from '../place.js';
import {type DrawProps, defineScreen} from '../screen.js';
import {noticeOf, PlainLines} from '../shared/notice.js';
import {hasEnded, shortId} from '../shared/words.js';
import {toggleWord} from './deactivate.js';
import {type Command, leadsOn, leftOutText, listOf, noWebhook, type State, start, update, visibleLines} from './model.js';
import {pageOf} from './pages.js';

const labels: Readonly<Record<ConnectorTab, string>> = {
	overview: 'Overview',
	executions: 'Executions',
	queue: 'Queue',
	variables: 'Variables',
	load: 'Load steps',
	sql: 'SQL',
	settings: 'Settings',
	history: 'History',
};

function Draw(props: DrawProps<State>): ReactElement {
	const {state, around} = props;
	const names = around.width < 90 ? {...labels, executions: 'Runs'} : labels;
	return (
		<Box flexDirection="column" height={around.height}>
			<Tabs tabs={connectorTabs.map((tab) => names[tab])} active={connectorTabs.indexOf(state.tab)} width={around.width} />
			<Page {...props} />
		</Box>
	);
}

function Page({state, around}: DrawProps<State>): ReactElement {
	const look = useLook();
	const {width, now} = around;
	const height = visibleLines(around);
	const list = listOf(state);
	const shared = {cursor: list.cursor, top: list.top, width, height};
	switch (state.tab) {
		case 'executions': {
			const rows = state.executions.value ?? [];
			return (
				noticeOf(state.executions, 'executions', width) ?? (
					<Table
						{...shared}
						columns={executionColumns(look, now, false)}
						total={rows.length}
						rowAt={(index) => rows[index]}
						empty="It has not run yet: r runs it, d runs it dry."
					/>
				)
			);
		}
		case 'queue': {
			const rows = state.queue.value ?? [];
			return (
				noticeOf(state.queue, 'queue', width) ?? (
					<Table {...shared} columns={queueColumns(now)} total={rows.length} rowAt={(index) => rows[index]} empty="Nothing waits." />
				)
			);
		}
		case 'history': {
			const rows = state.history.value ?? [];
			return (
				noticeOf(state.history, 'history', width) ?? (
					<Table
						{...shared}
						columns={historyColumns(timezoneOf(around.live)).filter(({key}) => key !== 'connector')}
						total={rows.length}
						rowAt={(index) => rows[index]}
						empty="Nobody did anything with it yet."
					/>
				)
			);
		}
		default: {
			const detail = state.detail.value;
			if (detail === null) return noticeOf(state.detail, 'connector', width) ?? <Box />;
			return <PlainLines lines={pageOf(state.tab, detail, around).slice(list.top)} width={width} height={height} />;
		}
	}
}

function queueColumns(now: number): readonly Column<QueueItem>[] {
	return [
		{key: 'queued', title: 'queued', width: 11, cell: ({queued_at: at}) => ageText(at, now)},
		{key: 'by', title: 'by', width: 10, cell: ({started_by: by}) => by},
		{key: 'input', title: 'input', width: 14, grow: 1, cell: ({input_file: file}) => file ?? '-'},
		{key: 'rows', title: 'rows', width: 8, align: 'right', cell: ({rows}) => count(rows)},
		{key: 'done', title: 'already done', width: 18, grow: 2, cell: ({done}) => done ?? {text: 'not begun', tone: 'muted'}},
		{key: 'id', title: 'execution', width: 13, optional: 1, cell: ({id}) => ({text: shortId(id), tone: 'muted'})},
	];
}

export const connector = defineScreen<'connector', State, Command>({
	name: 'connector',
	scopes: ['connector', 'connectorActions', 'tabs', 'list'],
	title: ({connector: name}) => name,
	filter: leftOutText,
	start,
	update,
	onKey(_state, key) {
		if (isListMove(key)) return {type: 'move', how: key};
		switch (key) {
			case 'nextTab':
				return {type: 'tab', by: 1};
			case 'previousTab':
				return {type: 'tab', by: -1};
			case 'run':
				return {type: 'run', mode: 'live'};
			case 'dryRun':
				return {type: 'run', mode: 'dry'};
			case 'toggleActive':
				return {type: 'toggle'};
			case 'queue':
				return {type: 'review'};
			case 'testWebhook':
				return {type: 'askTest'};
			case 'infer':
			case 'open':
			case 'edit':
			case 'refresh':
				return {type: key};
			default:
				return null;
		}
	},
	refused(state, key) {
		if (key === 'open' && !leadsOn(state)) return 'nothing here opens; e opens the file in $EDITOR';
		const type = state.detail.value?.type;
		return key === 'testWebhook' && type !== undefined && type !== 'webhook' ? noWebhook(state.connector) : null;
	},
	word: ({detail}, key) => (key === 'toggleActive' && detail.value !== null ? toggleWord(detail.value) : null),
	heard: ({connector: name}, changes) =>
		changes.again ||
		changes.connectors.has(name) ||
		changes.queues.has(name) ||
		[...changes.executions.values()].some((one) => one.connector === name)
			? {type: 'heard', changes}
			: null,
	returned: () => ({type: 'refresh'}),
	commandLine: ({connector: name, tab}) =>
		tab === 'queue'
			? `sluice queue ${name}`
			: tab === 'history'
				? `sluice history ${name}`
				: tab === 'executions'
					? `sluice executions ${name}`
					: `sluice validate ${name}`,
	ticking: ({tab, executions}) => tab === 'executions' && (executions.value?.some((one) => !hasEnded(one)) ?? false),
	Draw,
});
