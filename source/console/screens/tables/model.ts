import type {ColumnValue, List, TableSummary} from '../../../api/contract.js';
import type {SluiceError} from '../../../model/errors.js';
import type {Execution} from '../../../model/execution.js';
import {outcomes} from '../../../model/outcome.js';
import type {ListMove} from '../../components/list.js';
import {ask, type Choice, type Effect} from '../effect.js';
import type {PlaceOf} from '../place.js';
import type {ScreenContext, Step} from '../screen.js';
import {again, awaitsRow as awaits, missingPages, moved, pageRows, rowAt, waitingFor} from '../shared/list-pages.js';
import {askedAgain, asking as askingFirst, came, type RemoteData, refusedWith} from '../shared/remote-data.js';
import {countOf} from '../shared/words.js';
import {cellText, familyOf, filterText, nameOf, type Row} from './cells.js';
import {similarReasons} from './similar.js';
import {arrived, asking, columnUnder, type Filter, hide, newView, sideways, sortBy, type View, widen} from './view.js';

export type State = {
	readonly id: string;
	/** The table asked for by name or by the beginning of it; the first one when null. */
	readonly wanted: string | null;
	readonly execution: Execution | null;
	readonly tables: RemoteData<readonly TableSummary[]>;
	/** The table on the screen; null until the daemon told which there are. */
	readonly table: string | null;
	/** Each table as it was left. */
	readonly views: Readonly<Record<string, View>>;
};

export type Command =
	| {readonly type: 'tablesCame'; readonly items: readonly TableSummary[]}
	| {readonly type: 'tablesRefused'; readonly error: SluiceError}
	| {readonly type: 'executionCame'; readonly execution: Execution}
	| {readonly type: 'rowsCame'; readonly table: string; readonly page: number; readonly question: number; readonly list: List<Row>}
	| {readonly type: 'rowsRefused'; readonly table: string; readonly question: number; readonly error: SluiceError}
	| {readonly type: 'valuesCame'; readonly column: string; readonly items: readonly ColumnValue[]}
	| {readonly type: 'reasonsCame'; readonly items: readonly ColumnValue[]}
	| {readonly type: 'move'; readonly how: ListMove}
	| {readonly type: 'sideways'; readonly by: number}
	| {readonly type: 'turn'; readonly by: number}
	| {readonly type: 'filter'; readonly change: Filter}
	| {readonly type: 'widen'; readonly by: number}
	| {
			readonly type:
				| 'sort'
				| 'hide'
				| 'showAll'
				| 'values'
				| 'reasons'
				| 'chooseOutcome'
				| 'sameValue'
				| 'clear'
				| 'cell'
				| 'open'
				| 'refresh'
				| 'recount';
	  };

export function start({execution: id, table}: PlaceOf<'tables'>): Step<State, Command> {
	const state: State = {id, wanted: table ?? null, execution: null, tables: askingFirst, table: null, views: {}};
	return [state, askTables(id), ask('execution', [id], {answered: (execution): Command => ({type: 'executionCame', execution})})];
}

export function update(state: State, command: Command, around: ScreenContext): Step<State, Command> {
	const view = viewOf(state);
	const show = (next: View): Step<State, Command> => fetched(withView(state, next), around);
	switch (command.type) {
		case 'tablesCame':
			return tablesCame(state, command.items, around);
		case 'tablesRefused':
			return [{...state, tables: refusedWith(state.tables, command.error)}];
		case 'executionCame':
			return [{...state, id: command.execution.id, execution: command.execution}];
		case 'rowsCame': {
			const {table, page, question, list} = command;
			const held = state.views[table];
			if (held === undefined) return [state];
			const next = arrived(held, table, {page, question, rows: list.items, total: list.total});
			return fetched({...state, views: {...state.views, [table]: next}}, around);
		}
		case 'rowsRefused': {
			const held = state.views[command.table];
			if (held === undefined || held.question !== command.question) return [state];
			return [{...state, views: {...state.views, [command.table]: {...held, error: command.error}}}];
		}
		case 'valuesCame':
			if (command.items.length === 0) return [state, {say: 'No row is there to count', tone: 'muted'}];
			return [
				state,
				{say: ''},
				{menu: {title: `Values of ${nameOf(command.column)}`, choices: valueChoices(command.column, command.items)}},
			];
		case 'reasonsCame':
			return reasonsCame(state, command.items);
		case 'move':
			return show(moved(view, command.how, visibleRows(around)));
		case 'sideways':
			return [withView(state, sideways(view, command.by))];
		case 'turn':
			return turned(state, command.by, around);
		case 'filter':
			return show(asking(view, {filter: {...view.filter, ...command.change}}));
		case 'clear':
			return show(asking(view, {filter: {}}));
		case 'sort':
			return show(sortBy(view, columnUnder(view)));
		case 'widen':
			return [withView(state, widen(view, command.by))];
		case 'hide':
			return [withView(state, hide(view))];
		case 'showAll':
			return [withView(state, {...view, hidden: new Set()})];
		case 'refresh': {
			const [next, ...effects] = show(again(view));
			return [{...next, tables: askedAgain(next.tables)}, askTables(state.id), ...effects];
		}
		// why not its rows: they stay as they are while an execution runs, and are read again where there are more of them.
		case 'recount':
			return [{...state, tables: askedAgain(state.tables)}, askTables(state.id)];
		default:
			return [state, ...asks(state, view, command.type)];
	}
}

export function viewOf({views, table}: State): View {
	return (table === null ? undefined : views[table]) ?? newView;
}

/** Whether what a key works on is on its way; a move needs no more than the number of rows. */
export function awaitsRow(state: State, isMove: boolean): boolean {
	return state.table !== null && awaits(viewOf(state), isMove);
}

/** Rows of the table on the screen: its header, the line of tables and the foot are not. */
export function visibleRows({height}: Pick<ScreenContext, 'height'>): number {
	return Math.max(1, height - 3);
}

function withView(state: State, view: View): State {
	return state.table === null ? state : {...state, views: {...state.views, [state.table]: view}};
}

function askTables(id: string): Effect<Command> {
	return ask('tables', [id], {
		answered: ({items}): Command => ({type: 'tablesCame', items}),
		failed: (error): Command => ({type: 'tablesRefused', error}),
	});
}

/** Asks for the pages in sight that are neither here nor on their way. */
function fetched(state: State, around: ScreenContext): Step<State, Command> {
	const {table, id} = state;
	const view = viewOf(state);
	if (table === null || view.error !== null) return [state];
	const missing = missingPages(view, visibleRows(around));
	if (missing.length === 0) return [state];
	const {filter, sort, question} = view;
	const asks = missing.map((page) =>
		ask(
			'rows',
			[
				id,
				table,
				{...filter, ...(sort && {sort: nameOf(sort.column), descending: sort.descending}), offset: page * pageRows, limit: pageRows},
			],
			{
				slot: `rows ${table} ${page}`,
				answered: (list): Command => ({type: 'rowsCame', table, page, question, list}),
				failed: (error): Command => ({type: 'rowsRefused', table, question, error}),
			},
		),
	);
	return [withView(state, waitingFor(view, missing)), ...asks];
}

/** The first table that has rows: an empty one, such as the errors of a file without any, tells least. */
function firstOf(items: readonly TableSummary[]): string | null {
	return (items.find(({rows}) => rows > 0) ?? items[0])?.table ?? null;
}

/** Which tables there are. A table that has grown meanwhile is read again. */
function tablesCame(state: State, items: readonly TableSummary[], around: ScreenContext): Step<State, Command> {
	const names = items.map(({table}) => table);
	const wanted = state.table ?? state.wanted;
	const table =
		names.find((name) => name === wanted) ??
		firstOf(items.filter((item) => wanted !== null && item.table.startsWith(`${wanted}:`))) ??
		firstOf(items);
	const before = state.tables.value?.find((one) => one.table === table)?.rows;
	const grown = before !== undefined && before !== items.find((one) => one.table === table)?.rows;
	const next: State = {...state, tables: came(items), table};
	const view = viewOf(next);
	return fetched(withView(next, grown ? again(view) : view), around);
}

function turned(state: State, by: number, around: ScreenContext): Step<State, Command> {
	const names = (state.tables.value ?? []).map(({table}) => table);
	if (names.length === 0) return [state];
	const at = names.indexOf(state.table ?? '');
	const table = names[(at + by + names.length) % names.length] ?? null;
	const next = {...state, table};
	return fetched(withView(next, viewOf(next)), around);
}

/** Menus, boxes and other screens: nothing of the state changes. */
function asks(
	state: State,
	view: View,
	what: 'values' | 'reasons' | 'chooseOutcome' | 'sameValue' | 'cell' | 'open',
): readonly Effect<Command>[] {
	const {table, id} = state;
	const row = rowAt(view, view.list.cursor);
	const column = columnUnder(view);
	if (table === null) return [];
	switch (what) {
		case 'values':
			return [
				{progress: `Counting the values of ${nameOf(column)} …`},
				ask('values', [id, table, nameOf(column), 200, view.filter], {
					answered: ({items}): Command => ({type: 'valuesCame', column, items}),
				}),
			];
		case 'reasons':
			if (familyOf(table) === 'sql') return [{say: 'SQL output has no reasons; the variables and load tables have', tone: 'muted'}];
			return [
				{progress: 'Grouping the reasons …'},
				ask('values', [id, table, 'reason', 5000, view.filter], {
					answered: ({items}): Command => ({type: 'reasonsCame', items}),
					slot: 'reasons',
				}),
			];
		case 'chooseOutcome':
			return outcomeMenu(table);
		case 'sameValue': {
			if (row === undefined) return [];
			const value = filterText(table, row, column);
			if (value === null) return [{say: `${nameOf(column)} holds a list: / finds a text in it`, tone: 'muted'}];
			return [
				{
					menu: {
						title: 'Only rows where',
						choices: [{label: `${nameOf(column)} is ${value === '' ? '(blank)' : `"${value}"`}`, command: onlyValue(column, value)}],
					},
				},
			];
		}
		case 'cell':
			return row === undefined ? [] : [{show: {title: `${nameOf(column)}, row ${String(row.row)}`, text: cellText(table, row, column)}}];
		case 'open': {
			if (row === undefined) return [];
			const scope = scopeOf(state, table);
			return [
				{
					go: {
						screen: 'row',
						execution: id,
						row: Number(row.row),
						within: {
							table,
							filter: view.filter,
							sort: view.sort && {column: nameOf(view.sort.column), descending: view.sort.descending},
							at: view.list.cursor,
							total: view.total ?? 0,
						},
						...(scope !== null && {scope}),
						stage: table.split(':')[0] === 'load' ? table : familyOf(table),
					},
				},
			];
		}
	}
}

/** The scope whose rows a table holds. */
function scopeOf({execution}: State, table: string): string | null {
	if (familyOf(table) !== 'load') return table.slice(table.indexOf(':') + 1);
	return execution?.stages.find(({stage}) => stage === table)?.scope ?? null;
}

function outcomeMenu(table: string): readonly Effect<Command>[] {
	const family = familyOf(table);
	if (family === 'sql') return [{say: 'SQL output has no outcomes; the load tables have', tone: 'muted'}];
	const key = family === 'load' ? 'outcome' : 'state';
	const words: readonly string[] = family === 'load' ? outcomes : ['ok', 'skipped', 'unchanged'];
	const choice = (label: string, value: string | undefined): Choice<Command> => ({
		label,
		command: {type: 'filter', change: {[key]: value}},
	});
	return [{menu: {title: 'Show rows that are', choices: [choice('all', undefined), ...words.map((word) => choice(word, word))]}}];
}

function onlyValue(column: string, value: string): Command {
	return {type: 'filter', change: {column: nameOf(column), value}};
}

function valueChoices(column: string, items: readonly ColumnValue[]): readonly Choice<Command>[] {
	return items.map(({value, rows}) => ({
		label: `${countOf(rows, 'row').padStart(14)}  ${value ?? '(blank)'}`,
		command: onlyValue(column, value ?? ''),
	}));
}

function reasonsCame(state: State, items: readonly ColumnValue[]): Step<State, Command> {
	const groups = similarReasons(items);
	if (groups.length === 0) return [state, {say: 'No row has a reason here', tone: 'muted'}];
	const choices = groups.map(
		({filter, rows, shown}): Choice<Command> => ({
			label: `${countOf(rows, 'row').padStart(14)}  ${shown}`,
			command: {type: 'filter', change: {reason: filter}},
		}),
	);
	return [state, {say: ''}, {menu: {title: 'Reasons, similar ones as one', choices}}];
}
