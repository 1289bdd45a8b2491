import type {ReactElement} from 'react';
import {isListMove} from '../../components/list.js';
import {timezoneOf} from '../../live/live.js';
import {type DrawProps, defineScreen} from '../screen.js';
import {awaitsPage} from '../shared/paged-list.js';
import {PagedTable} from '../shared/paged-table.js';
import {quoted} from '../shared/words.js';
import {historyColumns} from './columns.js';
import {detailText} from './detail.js';
import {type Command, type State, start, update} from './model.js';

function Draw({state: {entries}, around}: DrawProps<State>): ReactElement {
	return (
		<PagedTable
			list={entries}
			what="history"
			columns={historyColumns(timezoneOf(around.live))}
			none="Nobody did anything yet."
			one="entry"
			foot={({detail}) => ({text: detailText(detail), tone: 'muted'})}
			around={around}
		/>
	);
}

export const history = defineScreen<'history', State, Command>({
	name: 'history',
	scopes: ['list'],
	title: ({connector}) => (connector === null ? 'History' : `History of ${connector}`),
	filter: ({entries: {find}}) => (find === '' ? '' : `/${find}`),
	start,
	update,
	waits: ({entries}, key) => awaitsPage(entries, key),
	onKey: (_state, key) => (isListMove(key) ? {type: 'move', how: key} : key === 'open' || key === 'refresh' ? {type: key} : null),
	heard: (_state, changes) => (changes.again || changes.history ? {type: 'refresh'} : null),
	returned: () => ({type: 'refresh'}),
	find: {text: ({entries: {find}}) => find, changed: (text) => ({type: 'find', text})},
	commandLine: ({connector, entries: {find}}) =>
		`sluice history${connector === null ? '' : ` ${connector}`}${find === '' ? '' : ` --find ${quoted(find)}`}`,
	Draw,
});
