import type {FoundRow, List, ObjectSummary, RecordView} from '../../../api/contract.js';
import type {SluiceError} from '../../../model/errors.js';
import {minuteText} from '../../../model/moment.js';
import {own} from '../../../model/own.js';
import {relatedValue} from '../../../model/related-record.js';
import type {ListMove} from '../../components/list.js';
import {type Changes, timezoneOf} from '../../live/live.js';
import {ask, type Choice, type Effect} from '../effect.js';
import type {PlaceOf} from '../place.js';
import type {ScreenContext, Step} from '../screen.js';
import {
	again,
	arrived,
	type ListPages,
	missingPages,
	moved,
	noPages,
	pageRows,
	rowAt,
	startedAfresh,
	waitingFor,
} from '../shared/list-pages.js';
import {askedAgain, asking, came, type RemoteData, refusedWith} from '../shared/remote-data.js';
import {hasEnded, shortId, valueText} from '../shared/words.js';

export type State = {
	readonly wanted: string | null;
	readonly objects: RemoteData<readonly ObjectSummary[]>;
	readonly object: ObjectSummary | null;
	readonly find: string;
	readonly archived: boolean;
	/** Only records whose field holds this value, as the command line's `--where`. */
	readonly where: {readonly field: string; readonly value: string} | null;
	readonly records: ListPages<RecordView>;
	readonly column: number;
	/** Whether records changed since they were last asked for, and when that was. */
	readonly changed: boolean;
	readonly askedAt: number;
};

export type Command =
	| {readonly type: 'objectsCame'; readonly items: readonly ObjectSummary[]}
	| {readonly type: 'objectsRefused'; readonly error: SluiceError}
	| {readonly type: 'came'; readonly question: number; readonly page: number; readonly list: List<RecordView>}
	| {readonly type: 'refused'; readonly question: number; readonly error: SluiceError}
	| {readonly type: 'touchedCame'; readonly rows: readonly FoundRow[]; readonly total: number}
	| {readonly type: 'goRow'; readonly row: FoundRow}
	| {readonly type: 'heard'; readonly changes: Changes}
	| {readonly type: 'move'; readonly how: ListMove}
	| {readonly type: 'sideways'; readonly by: number}
	| {readonly type: 'turn'; readonly by: number}
	| {readonly type: 'find'; readonly text: string}
	| {readonly type: 'archived'}
	| {readonly type: 'askWhere'}
	| {readonly type: 'where'; readonly field: string; readonly value: string}
	| {readonly type: 'askMove'}
	| {readonly type: 'moveRecord'; readonly id: string; readonly to: 'archive' | 'unarchive'}
	| {readonly type: 'recordMoved'; readonly said: string}
	| {readonly type: 'open'}
	| {readonly type: 'touched'}
	| {readonly type: 'refresh'};

export function start({object, find, archived}: PlaceOf<'records'>): Step<State, Command> {
	const state: State = {
		wanted: object ?? null,
		objects: asking,
		object: null,
		find: find ?? '',
		archived: archived ?? false,
		where: null,
		records: noPages,
		column: 0,
		changed: false,
		askedAt: 0,
	};
	return [state, askObjects()];
}

export function update(state: State, command: Command, around: ScreenContext): Step<State, Command> {
	switch (command.type) {
		case 'objectsCame': {
			const object =
				command.items.find(({api_name: name}) => name === (state.object?.api_name ?? state.wanted)) ?? command.items[0] ?? null;
			const next = {...state, objects: came(command.items), object, wanted: null};
			if (object === null) return [next];
			const known = object.api_name === state.object?.api_name;
			const [told, ...effects] = known ? readAgain(next, around) : afresh(next, around);
			const unknown = state.wanted !== null && state.object === null && object.api_name !== state.wanted;
			return unknown ? [told, ...effects, {say: `There is no object "${state.wanted}"`, tone: 'warning'}] : [told, ...effects];
		}
		case 'objectsRefused':
			return [{...state, objects: refusedWith(state.objects, command.error)}];
		case 'came': {
			const {page, question, list} = command;
			const records = arrived<RecordView, ListPages<RecordView>>(state.records, {page, question, rows: list.items, total: list.total});
			return fetched({...state, records}, around);
		}
		case 'refused':
			return [command.question === state.records.question ? {...state, records: {...state.records, error: command.error}} : state];
		case 'heard':
			return heard(state, command.changes, around);
		case 'move':
			return fetched({...state, records: moved(state.records, command.how, visibleRows(around))}, around);
		case 'sideways':
			return [{...state, column: Math.max(0, Math.min(state.column + command.by, state.object?.fields.length ?? 0))}];
		case 'turn': {
			const objects = state.objects.value ?? [];
			const at = objects.findIndex(({api_name: name}) => name === state.object?.api_name);
			const object = objects[(at + command.by + objects.length) % Math.max(1, objects.length)] ?? null;
			return object === null ? [state] : afresh({...state, object, column: 0, where: null}, around);
		}
		case 'find':
			return afresh({...state, find: command.text}, around);
		case 'archived':
			return afresh({...state, archived: !state.archived}, around);
		case 'askWhere':
			return askWhere(state);
		case 'where': {
			const {field, value} = command;
			return afresh({...state, where: value === '' ? null : {field, value}}, around);
		}
		case 'askMove':
			return askMove(state);
		case 'moveRecord':
			return moveRecord(state, command);
		case 'recordMoved': {
			const [next, ...effects] = readAgain(state, around);
			return [next, {say: command.said, tone: 'good'}, ...effects];
		}
		case 'refresh':
			return [{...state, objects: askedAgain(state.objects)}, askObjects()];
		case 'open': {
			const here = under(state);
			return here === null ? [state] : [state, {show: {title: identifierOf(state, here), text: recordText(here)}}];
		}
		case 'touched':
			return touched(state);
		case 'touchedCame': {
			if (command.rows.length === 0) return [state, {say: 'No kept execution holds this value', tone: 'muted'}];
			return [
				state,
				{say: ''},
				{menu: {title: touchedTitle(command), choices: command.rows.map((row) => rowChoice(row, timezoneOf(around.live)))}},
			];
		}
		case 'goRow': {
			const {execution, row, table} = command.row;
			const scope = table.startsWith('load:') ? undefined : table.slice(table.indexOf(':') + 1);
			if (scope === undefined) return [state, {go: {screen: 'tables', execution, table}}];
			return [state, {go: {screen: 'row', execution, row, scope}}];
		}
	}
}

export function under({records}: State): RecordView | null {
	return rowAt(records, records.list.cursor) ?? null;
}

/** The unique identifier of a record, which people know it by. */
export function identifierOf({object}: Pick<State, 'object'>, {fields, id}: RecordView): string {
	return (object === null ? '' : valueText(own(fields, object.identifier))) || id;
}

export function visibleRows({height}: Pick<ScreenContext, 'height'>): number {
	return Math.max(1, height - 3);
}

/** The fields in the order of their columns: the identifier stands first. */
export function fieldsInOrder({object}: Pick<State, 'object'>): readonly string[] {
	if (object === null) return [];
	return [object.identifier, ...object.fields.map(({api_name: name}) => name).filter((name) => name !== object.identifier)];
}

/** Filters by the value of the column the cursor is in; the record under it proposes one. An empty text takes the filter away. */
function askWhere(state: State): Step<State, Command> {
	const columns = fieldsInOrder(state);
	const field = columns[Math.min(state.column, columns.length - 1)];
	if (field === undefined) return [state];
	const text = state.where?.field === field ? state.where.value : valueText(own(under(state)?.fields ?? {}, field));
	return [state, {prompt: {label: `Only records with ${field} =`, text, entered: (value): Command => ({type: 'where', field, value})}}];
}

/** Archiving loses nothing, but automations and matching treat the record differently: it is asked first (SPEC 14). */
function askMove(state: State): Step<State, Command> {
	const here = under(state);
	if (here === null || state.object === null) return [state];
	const name = identifierOf(state, here);
	const to = here.archived ? 'unarchive' : 'archive';
	return [
		state,
		{
			confirm: {
				title: to === 'archive' ? `Archive ${name}?` : `Bring ${name} back?`,
				lines: [
					`1 record of ${state.object.name}: ${name}`,
					to === 'archive'
						? 'It leaves the lists; a run that matches it follows its rule’s "If Archived Match Found".'
						: 'It is active again; a unique value that another record took meanwhile is refused.',
				],
				stays: 'all its values and its id; a record is never deleted',
				action: to === 'archive' ? 'archive it' : 'bring it back',
				yes: {type: 'moveRecord', id: here.id, to},
			},
		},
	];
}

function moveRecord(state: State, {id, to}: Extract<Command, {type: 'moveRecord'}>): Step<State, Command> {
	const object = state.object?.api_name ?? '';
	const said = (moved: number, done: string): Command => ({
		type: 'recordMoved',
		said: moved === 0 ? `Nothing changed: somebody did it before` : `${done}`,
	});
	return [
		state,
		{progress: 'Asking the daemon …'},
		to === 'archive'
			? ask('archive', [object, [id]], {answered: ({archived}): Command => said(archived, 'It is archived; a shows archived ones too')})
			: ask('unarchive', [object, [id]], {answered: ({unarchived}): Command => said(unarchived, 'It is active again')}),
	];
}

function askObjects(): Effect<Command> {
	return ask('objects', [], {
		answered: ({items}): Command => ({type: 'objectsCame', items}),
		failed: (error): Command => ({type: 'objectsRefused', error}),
	});
}

function askPage({object, find, archived, where, records: {question}}: State, page: number): Effect<Command> {
	return ask(
		'records',
		[
			object?.api_name ?? '',
			{
				...(find !== '' && {find}),
				...(where && {where: `${where.field}=${where.value}`}),
				archived,
				offset: page * pageRows,
				limit: pageRows,
			},
		],
		{
			slot: `records ${page}`,
			answered: (list): Command => ({type: 'came', question, page, list}),
			failed: (error): Command => ({type: 'refused', question, error}),
		},
	);
}

/** Asks for the pages in sight that are neither here nor on their way. */
function fetched(state: State, around: ScreenContext): Step<State, Command> {
	if (state.object === null || state.records.error !== null) return [state];
	const missing = missingPages(state.records, visibleRows(around));
	return [{...state, records: waitingFor(state.records, missing)}, ...missing.map((page) => askPage(state, page))];
}

function afresh(state: State, around: ScreenContext): Step<State, Command> {
	return fetched({...state, records: startedAfresh(state.records)}, around);
}

function readAgain(state: State, around: ScreenContext): Step<State, Command> {
	return fetched({...state, records: again(state.records), changed: false, askedAt: around.now}, around);
}

/** A run writes chunk after chunk: the records are read again at most so often meanwhile, and once more at its end. */
const againMs = 2_000;

function heard(state: State, {executions, records}: Changes, around: ScreenContext): Step<State, Command> {
	const object = state.object?.api_name;
	if (object === undefined) return [state];
	const writing = [...executions.values()].filter(
		({mode, objects, status}) => mode === 'live' && status !== 'queued' && objects.includes(object),
	);
	if (!state.changed && writing.length === 0 && !records.has(object)) return [state];
	const over = records.has(object) || writing.some(hasEnded);
	return over || around.now - state.askedAt >= againMs ? readAgain(state, around) : [{...state, changed: true}];
}

/** why by value: executions are searched by what their rows hold, and a record is known by its identifier */
function touched(state: State): Step<State, Command> {
	const here = under(state);
	if (here === null) return [state];
	const text = identifierOf(state, here);
	return [
		state,
		{progress: `Looking for ${text} in past executions …`},
		ask('find', [{text, limit: 100}], {answered: ({items, total}): Command => ({type: 'touchedCame', rows: items, total})}),
	];
}

function touchedTitle({rows, total}: Extract<Command, {type: 'touchedCame'}>): string {
	const title = 'Executions that touched it';
	return rows.length < total ? `${title}: the newest ${rows.length} of ${total} rows` : title;
}

function rowChoice(row: FoundRow, timezone: string): Choice<Command> {
	const outcome = row.outcome === null ? '' : `  ${row.outcome}`;
	return {
		label: `${minuteText(row.at, timezone)}  ${row.mode}  ${row.connector} ${shortId(row.execution)}  ${row.table} row ${row.row}${outcome}`,
		command: {type: 'goRow', row},
	};
}

function recordText({id, archived, fields, related = {}}: RecordView): string {
	return [
		`id: ${id}`,
		...(archived ? ['archived'] : []),
		...Object.entries(fields).map(([name, value]) => `${name}: ${valueText(relatedValue(value, own(related, name), true))}`),
	].join('\n');
}
