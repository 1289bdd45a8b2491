import type {HistoryEntry} from '../../../api/contract.js';
import {ask, type Effect} from '../effect.js';
import type {PlaceOf} from '../place.js';
import type {Step, Surroundings} from '../screen.js';
import {noRows, type Rows, type RowsCommand, type RowsOf, shownRows, updateRows} from '../shared/rows.js';
import {valueText} from '../shared/words.js';
import {detailText} from './detail.js';

export type State = {readonly connector: string | null; readonly rows: Rows<HistoryEntry>};

export type Command = RowsCommand<HistoryEntry> | {readonly type: 'open' | 'refresh'};

/** Entries fetched: the newest; older ones are one `sluice history` away. */
const most = 1000;

export const historyRows: RowsOf<HistoryEntry> = {
	keyOf: ({at, who, what, connector}) => `${at} ${who} ${what} ${connector ?? ''}`,
	textOf: ({at, who, what, connector, detail}) => `${at} ${who} ${what} ${connector ?? ''} ${detailText(detail)}`,
};

export function start({connector}: PlaceOf<'history'>): Step<State, Command> {
	const state: State = {connector: connector ?? null, rows: noRows};
	return [state, askHistory(state.connector)];
}

export function update(state: State, command: Command, around: Surroundings): Step<State, Command> {
	switch (command.type) {
		case 'refresh':
			return [state, askHistory(state.connector)];
		case 'open': {
			const here = shownRows(state.rows, historyRows)[state.rows.list.cursor];
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
		default:
			return [{...state, rows: updateRows(state.rows, command, historyRows, around)}];
	}
}

export function askHistory(connector: string | null): Effect<RowsCommand<HistoryEntry>> {
	return ask('history', [{connector: connector ?? undefined, limit: most}], {
		answered: ({items, total}): RowsCommand<HistoryEntry> => ({type: 'came', items, total}),
		failed: (error): RowsCommand<HistoryEntry> => ({type: 'refused', error}),
	});
}
