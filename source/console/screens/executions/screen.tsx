import {Box} from 'ink';
import type {ReactElement} from 'react';
import {Line} from '../../components/line.js';
import {isListMove} from '../../components/list.js';
import {Table} from '../../components/table.js';
import {count} from '../../text/age.js';
import {useLook} from '../../theme/look.js';
import {type DrawProps, defineScreen} from '../screen.js';
import {awaitsRow, rowAt} from '../shared/list-pages.js';
import {ErrorBox} from '../shared/notice.js';
import {hasEnded, quoted, waitText} from '../shared/words.js';
import {executionColumns} from './columns.js';
import {type Command, type State, start, under, update} from './model.js';

function Draw({state, around}: DrawProps<State>): ReactElement {
	const look = useLook();
	const {width, height, now} = around;
	const {executions} = state;
	if (executions.error !== null && executions.total === null)
		return <ErrorBox title="No executions" error={executions.error} width={width} />;
	return (
		<Box flexDirection="column">
			<Table
				columns={executionColumns(look, now, state.connector === null)}
				total={executions.total ?? 0}
				rowAt={(index) => rowAt(executions, index)}
				cursor={executions.list.cursor}
				top={executions.list.top}
				width={width}
				height={height - 1}
				empty={emptyText(state)}
			/>
			<Line width={width} spans={[{text: footText(state), tone: executions.error === null ? 'muted' : 'warning'}]} />
		</Box>
	);
}

function emptyText({find, status, mode, object, operation, connector, executions}: State): string {
	if (executions.total === null) return 'Asking the daemon for executions …';
	if (find !== '') return `None holds "${find}"; / with an empty text shows them.`;
	const filters = [mode, status, operation, object && `${object} writing`].filter((part) => part !== null);
	if (filters.length > 0) return `No ${filters.join(' ')} execution; f, v, b and i change what is shown.`;
	return connector === null
		? 'Nothing has run yet: choose a connector, then r runs it and d runs it dry.'
		: `${connector} has not run yet: Esc, then r runs it, d runs it dry.`;
}

/** What the line under the table says: the error of the last question, why the one under the cursor waits or failed, how many there are. */
function footText({executions}: State): string {
	const {error, total, list} = executions;
	if (error !== null) return `Not current: ${error.message}`;
	if (total === null || total === 0) return '';
	const here = under({executions});
	const why = here === null ? '' : (here.error?.message ?? waitText(here));
	return ` ${count(list.cursor + 1)} of ${count(total)}${why === '' ? '' : `  ${why}`}`;
}

/** What works on the execution under the cursor, or on how many there are. */
const needsRow: ReadonlySet<string> = new Set('up down pageUp pageDown top bottom open menu'.split(' '));

export const executions = defineScreen<'executions', State, Command>({
	name: 'executions',
	scopes: ['executions', 'list'],
	title: ({connector}) => (connector === null ? 'Executions' : `Executions of ${connector}`),
	filter: ({status, mode, object, operation, find}) =>
		[status ?? '', mode ?? '', operation ?? '', object ?? '', find === '' ? '' : `/${find}`].filter((part) => part !== '').join('  '),
	start,
	update,
	waits: ({executions}, key) => needsRow.has(key) && awaitsRow(executions, isListMove(key)),
	onKey(state, key) {
		if (isListMove(key)) return {type: 'move', how: key};
		const of = under(state);
		switch (key) {
			case 'open':
			case 'refresh':
				return {type: key};
			case 'menu':
				return of === null ? null : {type: 'menu', of};
			case 'filterStatus':
				return {type: 'chooseStatus'};
			case 'filterMode':
				return {type: 'mode'};
			case 'filterObject':
				return {type: 'chooseObject'};
			case 'filterOperation':
				return {type: 'operation'};
			default:
				return null;
		}
	},
	heard: (_state, changes) => (changes.again || changes.executions.size > 0 ? {type: 'heard', changes} : null),
	returned: () => ({type: 'refresh'}),
	find: {text: ({find}) => find, changed: (text) => ({type: 'find', text})},
	commandLine: ({connector, status, mode, object, operation, find}) =>
		[
			'sluice executions',
			connector,
			status && `--status ${status}`,
			mode && `--mode ${mode}`,
			object && `--object ${object}`,
			operation && `--operation ${operation}`,
			find === '' ? null : `--find ${quoted(find)}`,
		]
			.filter((part) => part !== null)
			.join(' '),
	ticking: ({executions: {pages}}) => [...pages.values()].some((rows) => rows.some((one) => !hasEnded(one))),
	Draw,
});
