import type {HistoryEntry} from '../../../api/contract.js';
import {ask} from '../effect.js';
import type {PlaceOf} from '../place.js';
import type {ScreenContext, Step} from '../screen.js';
import {pageRows} from '../shared/list-pages.js';
import {type AskPage, type PagedCommand, type PagedList, rowUnder, startPaged, updatePaged} from '../shared/paged-list.js';
import {valueText} from '../shared/words.js';

export type State = {readonly connector: string | null; readonly entries: PagedList<HistoryEntry>};

export type Command = PagedCommand<HistoryEntry> | {readonly type: 'open'};

export function start(place: PlaceOf<'history'>, around: ScreenContext): Step<State, Command> {
	const connector = place.connector ?? null;
	const [entries, ...asks] = startPaged<HistoryEntry, Command>(around, askHistory(connector));
	return [{connector, entries}, ...asks];
}

export function update(state: State, command: Command, around: ScreenContext): Step<State, Command> {
	switch (command.type) {
		case 'open': {
			const here = rowUnder(state.entries);
			const execution = here?.detail.execution;
			if (here === undefined) return [state];
			if (typeof execution === 'string') return [state, {go: {screen: 'execution', execution}}];
			return [
				state,
				{
					show: {
						title: `${here.what} by ${here.who}`,
						text: [here.at, ...Object.entries(here.detail).map(([name, value]) => `${name}: ${valueText(value)}`)].join('\n'),
					},
				},
			];
		}
		default: {
			const [entries, ...asks] = updatePaged(state.entries, command, around, askHistory(state.connector));
			return [{...state, entries}, ...asks];
		}
	}
}

function askHistory(connector: string | null): AskPage<Command> {
	return (page, question, find) =>
		ask('history', [{connector: connector ?? undefined, find: find === '' ? undefined : find, offset: page * pageRows, limit: pageRows}], {
			slot: `history ${page}`,
			answered: (list): Command => ({type: 'came', page, question, list}),
			failed: (error): Command => ({type: 'refused', question, error}),
		});
}
