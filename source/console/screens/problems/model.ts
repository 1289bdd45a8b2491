import {errorsOf, formatPlace, isHarmless, type Problem, problemCount} from '../../../model/problem.js';
import type {Changes} from '../../live/live.js';
import {ask, type Effect} from '../effect.js';
import type {PlaceOf} from '../place.js';
import type {ScreenContext, Step} from '../screen.js';
import {askedAgain} from '../shared/remote-data.js';
import {noRows, type Rows, type RowsCommand, type RowsOf, shownRows, updateRows} from '../shared/rows.js';

export type State = {readonly connector: string | null; readonly rows: Rows<Problem>};

export type Command =
	| RowsCommand<Problem>
	| {readonly type: 'validate'}
	| {readonly type: 'validated'; readonly problems: readonly Problem[]}
	| {readonly type: 'heard'; readonly changes: Changes}
	| {readonly type: 'open' | 'edit'};

/** Lines below the list: place, problem and what was expected, in full. */
export const footLines = 5;

export const problemRows: RowsOf<Problem> = {
	keyOf: (problem) => `${formatPlace(problem)} ${problem.code}`,
	textOf: (problem) => `${formatPlace(problem)} ${problem.message} ${problem.expected ?? ''} ${problem.code}`,
};

export function start({connector}: PlaceOf<'problems'>): Step<State, Command> {
	const state: State = {connector: connector ?? null, rows: noRows};
	return [state, askProblems(state)];
}

export function update(state: State, command: Command, around: ScreenContext): Step<State, Command> {
	const here = shownRows(state.rows, problemRows)[state.rows.list.cursor];
	switch (command.type) {
		case 'validate':
			return [
				{...state, rows: {...state.rows, asked: askedAgain(state.rows.asked)}},
				{progress: 'Checking the files and the SQL on the sample …'},
				askProblems(state),
			];
		case 'validated': {
			const items = mine(state, command.problems);
			const next = {...state, rows: updateRows(state.rows, {type: 'came', items}, problemRows, around, footLines + 1)};
			return [
				next,
				errorsOf(items).length === 0
					? {
							say: `Checked: everything is valid${items.length === 0 ? '' : `, with ${problemCount(items)}`}`,
							tone: 'good',
							as: {of: 'problems'},
						}
					: {say: `Checked: ${problemCount(items)}`, tone: 'warning', as: {of: 'problems'}},
			];
		}
		case 'heard': {
			const {problems, again} = command.changes;
			if (problems === null) return again ? [state, askProblems(state)] : [state];
			return [{...state, rows: updateRows(state.rows, {type: 'came', items: mine(state, problems)}, problemRows, around, footLines + 1)}];
		}
		case 'open':
			return here === undefined ? [state] : [state, {show: {title: formatPlace(here), text: problemText(here)}}];
		case 'edit':
			return here === undefined ? [state] : [state, {edit: {file: inWorkspace(here.file, around), line: here.line}}];
		default:
			return [{...state, rows: updateRows(state.rows, command, problemRows, around, footLines + 1)}];
	}
}

function askProblems({connector}: State): Effect<Command> {
	return ask('validate', connector === null ? [] : [connector], {
		answered: ({problems}): Command => ({type: 'validated', problems}),
		failed: (error): Command => ({type: 'refused', error}),
	});
}

function mine({connector}: State, problems: readonly Problem[]): readonly Problem[] {
	return connector === null ? problems : problems.filter(({file}) => file.startsWith(`connectors/${connector}/`));
}

function problemText({message, expected, code, severity}: Problem): string {
	return [
		...(isHarmless({severity}) ? [`A ${severity}: it keeps nothing from running.`, ''] : []),
		message,
		...(expected === null ? [] : ['', `Expected: ${expected}`]),
		'',
		`Code: ${code}`,
	].join('\n');
}

/** Problems name files relative to the workspace. */
export function inWorkspace(file: string, {workspaceDir}: Pick<ScreenContext, 'workspaceDir'>): string {
	return file.startsWith('/') ? file : `${workspaceDir}/${file}`;
}
