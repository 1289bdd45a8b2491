import type {ConnectorDetail} from '../../../api/contract.js';
import type {SluiceError} from '../../../model/errors.js';
import type {Execution, ExecutionMode} from '../../../model/execution.js';
import {minuteText} from '../../../model/moment.js';
import {edit, editOf, insert, type TextEdit} from '../../components/text-edit.js';
import {isProduction, timezoneOf} from '../../live/live.js';
import {ask, type Confirmation} from '../effect.js';
import type {PlaceOf} from '../place.js';
import type {ScreenContext, Step} from '../screen.js';
import {confirmedName, typedName} from '../shared/production.js';
import {asking, came, type RemoteData, refusedWith} from '../shared/remote-data.js';
import {standing} from '../shared/standing.js';
import {absolutePath} from '../shared/words.js';

export const fields = ['input', 'mode', 'diff', 'incomplete', 'notify'] as const;
export type Field = (typeof fields)[number];

export type State = {
	readonly connector: string;
	readonly detail: RemoteData<ConnectorDetail>;
	readonly input: TextEdit;
	readonly mode: ExecutionMode;
	readonly diffCheck: boolean;
	readonly acceptIncomplete: boolean;
	readonly notify: TextEdit;
	readonly field: Field;
	/** Paths that begin like what is typed, as the file system told last. */
	readonly found: readonly string[];
	/** Inputs of earlier executions, newest first. The daemon keeps them: this user may be unable to open them by path. */
	readonly recent: readonly KeptInput[];
	/** The one that was taken; its name stands in the field of the input. */
	readonly kept: KeptInput | null;
	readonly sent: boolean;
	readonly refusal: SluiceError | null;
};

export type KeptInput = {readonly execution: string; readonly name: string; readonly at: string};

export type Command =
	| {readonly type: 'detailCame'; readonly detail: ConnectorDetail}
	| {readonly type: 'detailRefused'; readonly error: SluiceError}
	| {readonly type: 'recentCame'; readonly inputs: readonly KeptInput[]}
	| {readonly type: 'field'; readonly by: number}
	| {readonly type: 'choose'}
	| {readonly type: 'typed'; readonly text: string}
	| {readonly type: 'edited'; readonly key: string}
	| {readonly type: 'complete'}
	| {readonly type: 'found'; readonly paths: readonly string[]}
	| {readonly type: 'take'; readonly input: KeptInput}
	| {readonly type: 'submit'}
	| {readonly type: 'send'}
	| {readonly type: 'started'; readonly execution: Execution}
	| {readonly type: 'refused'; readonly error: SluiceError};

export function start({connector, mode, input}: PlaceOf<'run'>): Step<State, Command> {
	const state: State = {
		connector,
		detail: asking,
		input: editOf(input ?? ''),
		mode: mode ?? 'dry',
		diffCheck: true,
		acceptIncomplete: false,
		notify: editOf(''),
		field: 'input',
		found: [],
		recent: [],
		kept: null,
		sent: false,
		refusal: null,
	};
	return [
		state,
		ask('connector', [connector], {
			answered: (detail): Command => ({type: 'detailCame', detail}),
			failed: (error): Command => ({type: 'detailRefused', error}),
		}),
		ask('executions', [{connector, limit: 20}], {
			answered: ({items}): Command => ({
				type: 'recentCame',
				inputs: items.flatMap(({id, input_file: name, artifacts, queued_at: at}) =>
					name === null || artifacts.input === null ? [] : [{execution: id, name, at}],
				),
			}),
			failed: (): Command => ({type: 'recentCame', inputs: []}),
		}),
	];
}

export function update(state: State, command: Command, around: ScreenContext): Step<State, Command> {
	switch (command.type) {
		case 'detailCame':
			return [{...state, detail: came(command.detail), diffCheck: command.detail.configuration?.diffCheck ?? false}];
		case 'detailRefused':
			return [{...state, detail: refusedWith(state.detail, command.error)}];
		case 'recentCame':
			return [{...state, recent: command.inputs}];
		case 'field': {
			const shown = fieldsShown(state);
			return [{...state, field: shown[(shown.indexOf(state.field) + command.by + shown.length) % shown.length] ?? 'input', found: []}];
		}
		case 'choose':
			return [{...chosen(state), refusal: null}];
		case 'typed':
			return [{...withText(state, insert(textOf(letGo(state)), command.text)), found: [], refusal: null}];
		case 'edited':
			return [edited(state, command.key)];
		case 'complete':
			return completing(state, around);
		case 'found':
			return completed(state, command.paths);
		case 'take':
			return [{...state, input: editOf(command.input.name), kept: command.input, field: 'input', found: []}];
		case 'submit':
			return submitted(state, around);
		case 'send':
			return sent(state, around);
		case 'started': {
			const {execution} = command;
			return [{...state, sent: false}, {replace: {screen: 'execution', execution: execution.id}}, standing(execution)];
		}
		case 'refused':
			return [{...state, sent: false, refusal: command.error, found: []}];
	}
}

/** The fields in their order; whether to accept what is incomplete is asked only where something is. */
export function fieldsShown(state: State): readonly Field[] {
	return fields.filter((field) => field !== 'incomplete' || (state.mode === 'dry' && lacksOf(state).length > 0));
}

export function lacksOf({detail}: Pick<State, 'detail'>): readonly string[] {
	return detail.value?.lacks ?? [];
}

export function isText(field: Field): field is 'input' | 'notify' {
	return field === 'input' || field === 'notify';
}

/** What Enter will do, in words, before it is pressed. */
export function whatHappens(state: State): readonly string[] {
	const {
		detail: {value: detail},
		mode,
		input,
	} = state;
	if (detail === null) return ['Asking the daemon about the connector …'];
	const from = state.kept
		? `${state.kept.name} once more, the input of execution ${state.kept.execution.slice(0, 13)}`
		: input.text.trim() !== ''
			? input.text.trim()
			: detail.configuration?.source
				? 'its source'
				: mode === 'dry'
					? 'its sample file'
					: null;
	if (detail.operation === 'export')
		return [mode === 'dry' ? 'Counts the rows and shows the first ones; no file is written.' : 'Writes the export file.'];
	if (from === null && detail.type === 'spreadsheet') return ['A live run needs an input file: type its path, Ctrl-N completes it.'];
	const reads = from === null ? 'Runs now' : `Reads ${from}`;
	if (mode === 'dry') return [`${reads}; does everything but write. Nothing changes.`];
	const active = detail.status === 'operational' || detail.status === 'needs_attention';
	if (!active)
		return [
			`${reads} and writes records, but not yet:`,
			`${detail.status === 'setup' ? 'never activated' : 'inactive'}: it will wait in the queue until the connector is activated.`,
		];
	const waiting = detail.queued + detail.running;
	return [
		`${reads} and writes records.`,
		...(waiting > 0 ? [`${detail.running} running, ${detail.queued} queued before it: it takes its turn.`] : []),
	];
}

function textOf(state: State): TextEdit {
	return state.field === 'notify' ? state.notify : state.input;
}

function withText(state: State, text: TextEdit): State {
	return state.field === 'notify' ? {...state, notify: text} : state.field === 'input' ? {...state, input: text, kept: null} : state;
}

/** A kept input is taken as a whole: what is typed in its field begins a path. */
function letGo(state: State): State {
	return state.field === 'input' && state.kept !== null ? {...state, input: editOf(''), kept: null} : state;
}

function edited(state: State, key: string): State {
	const before = textOf(state);
	const after = edit(before, key) ?? before;
	if (after.text === before.text && state.kept !== null && state.field === 'input') return {...state, input: after};
	return {...withText(state, letGo(state) === state ? after : editOf('')), found: []};
}

function chosen(state: State): State {
	switch (state.field) {
		case 'mode':
			return {...state, mode: state.mode === 'dry' ? 'live' : 'dry'};
		case 'diff':
			return {...state, diffCheck: !state.diffCheck};
		case 'incomplete':
			return {...state, acceptIncomplete: !state.acceptIncomplete};
		default:
			return state;
	}
}

function completing(state: State, around: ScreenContext): Step<State, Command> {
	if (state.field !== 'input') return [state];
	if ((state.input.text === '' || state.kept !== null) && state.recent.length > 0) {
		return [
			state,
			{
				menu: {
					title: 'Input files of earlier executions',
					choices: state.recent.map((input) => ({label: keptText(input, around), command: {type: 'take', input}})),
				},
			},
		];
	}
	return [state, {completePath: state.input.text, completed: (paths): Command => ({type: 'found', paths})}];
}

/** Its time tells inputs of the same name apart. */
function keptText({name, at, execution}: KeptInput, {live}: ScreenContext): string {
	return `${name}  ${minuteText(at, timezoneOf(live))}  ${execution.slice(0, 13)}`;
}

/** What all found paths have in common is typed for the person; what they differ in is listed. */
function completed(state: State, paths: readonly string[]): Step<State, Command> {
	if (paths.length === 0)
		return [
			{...state, found: []},
			{say: `No file begins with ${state.input.text}`, tone: 'muted'},
		];
	const [first = '', ...others] = paths;
	let common = first;
	for (const path of others) while (!path.startsWith(common)) common = common.slice(0, -1);
	const longer = common.length > state.input.text.length || paths.length === 1;
	return [{...state, input: longer ? editOf(common) : state.input, found: paths.length > 1 ? paths : []}];
}

function submitted(state: State, around: ScreenContext): Step<State, Command> {
	if (state.sent) return [state, {say: 'The daemon already has it', tone: 'muted'}];
	if (state.detail.value === null) return [state, {say: 'The connector is not known yet', tone: 'muted'}];
	if (state.mode === 'dry' && lacksOf(state).length > 0 && !state.acceptIncomplete) {
		return [
			{...state, field: 'incomplete'},
			{say: 'The configuration is incomplete: say that a dry run is wanted all the same', tone: 'warning'},
		];
	}
	if (state.mode === 'live' && isProduction(around.live)) return [state, {confirm: confirmation(state, around)}];
	return sent(state, around);
}

function confirmation(state: State, around: ScreenContext): Confirmation<Command> {
	return {
		title: `Run ${state.connector} LIVE on production?`,
		lines: whatHappens(state),
		stays: 'what it commits: a cancel later does not undo it',
		safer: 'a dry run first: it shows every row and writes nothing',
		...typedName(state.connector, around),
		action: 'run it live',
		yes: {type: 'send'},
	};
}

function sent(state: State, around: ScreenContext): Step<State, Command> {
	const path = state.input.text.trim();
	const request = {
		connector: state.connector,
		...(state.kept === null
			? {input: path === '' ? null : absolutePath(path, around.folder)}
			: {input: null, input_of: state.kept.execution}),
		mode: state.mode,
		diff_check: state.diffCheck,
		accept_incomplete: state.acceptIncomplete,
		notify: state.notify.text.trim() || null,
		confirm: state.mode === 'live' ? confirmedName(state.connector, around) : null,
	};
	return [
		{...state, sent: true, refusal: null},
		{progress: `Asking the daemon to run ${state.connector} …`},
		ask('run', [request], {
			answered: (execution): Command => ({type: 'started', execution}),
			failed: (error): Command => ({type: 'refused', error}),
		}),
	];
}
