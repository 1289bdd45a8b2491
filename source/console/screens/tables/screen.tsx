import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {Execution} from '../../../model/execution.js';
import {Line} from '../../components/line.js';
import {isListMove} from '../../components/list.js';
import {type Column, Table} from '../../components/table.js';
import {Tabs} from '../../components/tabs.js';
import {count} from '../../text/age.js';
import {wrap} from '../../text/fit.js';
import {type DrawProps, defineScreen} from '../screen.js';
import {rowAt} from '../shared/list-pages.js';
import {ErrorBox, noticeOf, PlainLines} from '../shared/notice.js';
import {hasEnded, kindOf, quoted, shortId} from '../shared/words.js';
import {cellOf, nameOf, type Row} from './cells.js';
import {awaitsRow, type Command, type State, start, update, viewOf, visibleRows} from './model.js';
import {columnUnder, type Filter, type View, visibleColumns} from './view.js';
import {naturalWidth} from './widths.js';

/** Why there is no table to look at. */
function noTablesText(execution: Execution | null): string {
	if (execution === null) return 'This execution keeps no tables.';
	const stateOf = (stage: string) => execution.stages.find((one) => one.stage === stage)?.state;
	if (execution.cleared_at !== null) return 'Its tables were cleared away by keep_executions_days.';
	if (stateOf('intake') === 'failed') return 'Its input could not be read: there is no page to look at.';
	if (stateOf('sql') === 'failed') return 'Its SQL failed before it left a table: Esc, then e opens the script.';
	if (hasEnded(execution)) return 'It ended before it had a table.';
	return 'It has not come to its SQL yet: its tables come with it.';
}

function Draw({state, around}: DrawProps<State>): ReactElement {
	const {width, height} = around;
	const notice = noticeOf(state.tables, 'tables', width);
	if (notice !== null) return notice;
	const tables = state.tables.value ?? [];
	const view = viewOf(state);
	if (state.table === null)
		return (
			<PlainLines
				lines={wrap(noTablesText(state.execution), width - 3).map((text) => [{text: `  ${text}`, tone: 'muted'}])}
				width={width}
				height={height}
			/>
		);
	const table = state.table;
	const total = view.total ?? 0;
	return (
		<Box flexDirection="column">
			<TableTabs names={tables.map((one) => one.table)} active={table} width={width} />
			{view.error === null ? (
				<Table
					columns={columnsOf(table, view, around.width)}
					total={total}
					rowAt={(index) => rowAt(view, index)}
					cursor={view.list.cursor}
					top={view.list.top}
					width={width}
					height={visibleRows(around) + 1}
					fixed={2}
					cursorColumn={view.column}
					sort={view.sort}
					empty={
						view.total === null
							? 'Asking the daemon for rows …'
							: Object.values(view.filter).some((part) => part !== undefined)
								? 'No row matches; x shows all rows.'
								: 'This table has no rows.'
					}
				/>
			) : (
				<ErrorBox title={`No rows of ${table}`} error={view.error} width={width} />
			)}
			{height > 6 && <Line width={width} spans={[{text: footText(view, state), tone: 'muted'}]} />}
		</Box>
	);
}

/** The tables around the one on the screen, which is always in sight. */
function TableTabs({
	names,
	active,
	width,
}: {
	readonly names: readonly string[];
	readonly active: string;
	readonly width: number;
}): ReactElement {
	const at = names.indexOf(active);
	let from = at;
	for (let used = active.length + 3; from > 0 && used + (names[from - 1]?.length ?? 0) + 3 <= width / 2; from--)
		used += (names[from - 1]?.length ?? 0) + 3;
	return <Tabs tabs={names.slice(from)} active={at - from} width={width} />;
}

function columnsOf(table: string, view: View, width: number): readonly Column<Row>[] {
	return visibleColumns(view).map((column) => {
		const usual = naturalWidth(table, view, column);
		return {
			key: column,
			title: nameOf(column),
			width: Math.max(4, Math.min(width - 12, usual + (view.widened[column] ?? 0))),
			align: column === 'row' ? 'right' : 'left',
			cell: (row) => cellOf(table, row, column),
		} as const;
	});
}

function footText(view: View, {execution}: State): string {
	const {list, total, hidden} = view;
	const place = total === null ? '' : total === 0 ? 'no rows,' : `row ${count(list.cursor + 1)} of ${count(total)},`;
	const dry = execution?.mode === 'dry' ? '  dry run: nothing was written' : '';
	return ` ${place}  column ${nameOf(columnUnder(view))}${hidden.size === 0 ? '' : `  ${hidden.size} hidden (+ shows)`}${dry}`;
}

/** A table in words: `SQL output vendors`, `Variables vendors`, `Load step 2 Vendor contacts`. */
function tableTitle(table: string, execution: Execution | null): string {
	const name = table.slice(table.indexOf(':') + 1);
	if (table.startsWith('sql:')) return `SQL output ${name}`;
	if (table.startsWith('variables:')) return `Variables ${name}`;
	const step = execution?.stages.find(({stage}) => stage === table)?.name;
	return `Load step ${name}${step === undefined ? '' : ` ${step}`}`;
}

export function filterText({outcome, state, reason, find, column, value}: Filter): string {
	return [outcome, state, reason && `reason: ${reason}`, column && `${column} = ${value || '(blank)'}`, find && `/${find}`]
		.filter((part) => part !== undefined && part !== '')
		.join('  ');
}

const moves = {
	left: {type: 'sideways', by: -1},
	right: {type: 'sideways', by: 1},
	nextTable: {type: 'turn', by: 1},
	previousTable: {type: 'turn', by: -1},
	widen: {type: 'widen', by: 6},
	narrow: {type: 'widen', by: -6},
	sort: {type: 'sort'},
	hide: {type: 'hide'},
	showAll: {type: 'showAll'},
	values: {type: 'values'},
	reasons: {type: 'reasons'},
	filterOutcome: {type: 'chooseOutcome'},
	filterValue: {type: 'sameValue'},
	clearFilters: {type: 'clear'},
	cell: {type: 'cell'},
	open: {type: 'open'},
	refresh: {type: 'refresh'},
} as const satisfies Readonly<Record<string, Command>>;

/** What can be done while rows are on their way. */
const needsNoRow: ReadonlySet<string> = new Set(['nextTable', 'previousTable', 'clearFilters', 'copyCommand', 'find']);

export const tables = defineScreen<'tables', State, Command>({
	name: 'tables',
	scopes: ['tables', 'list', 'columns'],
	title: ({execution, id, table}) =>
		table === null ? `Tables${execution === null ? ` of ${shortId(id)}` : ''}` : tableTitle(table, execution),
	filter: (state) =>
		[filterText(viewOf(state).filter), state.execution === null ? '' : kindOf(state.execution)].filter((part) => part !== '').join('  '),
	start,
	update,
	onKey: (_state, key) => (isListMove(key) ? {type: 'move', how: key} : ((moves as Readonly<Record<string, Command>>)[key] ?? null)),
	waits: (state, key) => !needsNoRow.has(key) && awaitsRow(state, isListMove(key)),
	heard({id}, changes) {
		if (changes.again) return {type: 'refresh'};
		return changes.executions.has(id) ? {type: 'recount'} : null;
	},
	find: {
		text: (state) => viewOf(state).filter.find ?? '',
		changed: (text) => ({type: 'filter', change: {find: text === '' ? undefined : text}}),
	},
	commandLine(state) {
		const {filter, sort} = viewOf(state);
		if (state.table === null) return `sluice tables ${state.id}`;
		return [
			'sluice rows',
			state.id,
			state.table,
			filter.outcome && `--outcome ${filter.outcome}`,
			filter.state && `--state ${filter.state}`,
			filter.reason && `--reason ${quoted(filter.reason)}`,
			filter.column && `--where ${quoted(`${filter.column}=${filter.value ?? ''}`)}`,
			filter.find && `--find ${quoted(filter.find)}`,
			sort && `--sort ${quoted(nameOf(sort.column))}`,
			sort?.descending && '--descending',
		]
			.filter(Boolean)
			.join(' ');
	},
	Draw,
});
