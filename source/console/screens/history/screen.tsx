import type {ReactElement} from 'react';
import {isListMove} from '../../components/list.js';
import {timezoneOf} from '../../live/live.js';
import {type DrawProps, defineScreen} from '../screen.js';
import {RowsTable} from '../shared/rows-table.js';
import {onlyLines} from '../shared/words.js';
import {historyColumns} from './columns.js';
import {detailText} from './detail.js';
import {type Command, historyRows, type State, start, update} from './model.js';

function Draw({state: {rows}, around}: DrawProps<State>): ReactElement {
	const {error} = rows.asked;
	return (
		<RowsTable
			rows={rows}
			of={historyRows}
			what="history"
			columns={historyColumns(timezoneOf(around.live))}
			none="Nobody did anything yet."
			one="entry"
			foot={(here) => [
				error === null
					? {text: here === undefined ? '' : ` ${detailText(here.detail)}`, tone: 'muted'}
					: {text: ` Not current: ${error.message}`, tone: 'warning'},
			]}
			around={around}
		/>
	);
}

export const history = defineScreen<'history', State, Command>({
	name: 'history',
	scopes: ['list'],
	title: ({connector}) => (connector === null ? 'History' : `History of ${connector}`),
	filter: ({rows: {find}}) => (find === '' ? '' : `/${find}`),
	start,
	update,
	onKey: (_state, key) => (isListMove(key) ? {type: 'move', how: key} : key === 'open' || key === 'refresh' ? {type: key} : null),
	heard: (_state, changes) => (changes.again || changes.history ? {type: 'refresh'} : null),
	returned: () => ({type: 'refresh'}),
	find: {text: ({rows: {find}}) => find, changed: (text) => ({type: 'find', text})},
	commandLine: ({connector, rows: {find}}) => `sluice history${connector === null ? '' : ` ${connector}`}${onlyLines(find)}`,
	Draw,
});
