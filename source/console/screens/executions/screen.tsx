import {Box} from 'ink';
import type {ReactElement} from 'react';
import {Line} from '../../components/line.js';
import {isListMove} from '../../components/list.js';
import {Table} from '../../components/table.js';
import {count} from '../../text/age.js';
import {useLook} from '../../theme/look.js';
import {type DrawProps, defineScreen} from '../screen.js';
import {noticeOf} from '../shared/notice.js';
import {hasEnded, waitText} from '../shared/words.js';
import {executionColumns} from './columns.js';
import {type Command, rowsShown, type State, start, under, update} from './model.js';

function Draw({state, around}: DrawProps<State>): ReactElement {
	const look = useLook();
	const {width, height, now} = around;
	const notice = noticeOf(state.executions, 'executions', width);
	if (notice !== null) return notice;
	const rows = rowsShown(state);
	return (
		<Box flexDirection="column">
			<Table
				columns={executionColumns(look, now, state.connector === null)}
				total={rows.length}
				rowAt={(index) => rows[index]}
				cursor={state.list.cursor}
				top={state.list.top}
				width={width}
				height={height - 1}
				empty={emptyText(state)}
			/>
			<Line width={width} spans={[{text: footText(state), tone: state.executions.error === null ? 'muted' : 'warning'}]} />
		</Box>
	);
}

function emptyText({find, status, mode, object, operation, connector, executions}: State): string {
	const hidden = executions.value?.length ?? 0;
	if (find !== '' && hidden > 0) return `None of the newest ${hidden} holds "${find}"; / with an empty text shows them.`;
	const filters = [mode, status, operation, object && `${object} writing`].filter((part) => part !== null);
	if (filters.length > 0) return `No ${filters.join(' ')} execution; f, v, b and i change what is shown.`;
	return connector === null
		? 'Nothing has run yet: choose a connector, then r runs it and d runs it dry.'
		: `${connector} has not run yet: Esc, then r runs it, d runs it dry.`;
}

/** What the line under the table says: the error of the last question, why the one under the cursor waits or failed, how many there are. */
function footText(state: State): string {
	const {executions, total, find} = state;
	if (executions.error !== null) return `Not current: ${executions.error.message}`;
	const here = under(state);
	const place = here === null ? '' : `${count(state.list.cursor + 1)} of ${count(find === '' ? total : rowsShown(state).length)}`;
	const why = here === null ? '' : (here.error?.message ?? waitText(here));
	const more = (executions.value?.length ?? 0) < total && find !== '' ? `  searched the newest ${executions.value?.length}` : '';
	return ` ${place}${more}${why === '' ? '' : `  ${why}`}`;
}

export const executions = defineScreen<'executions', State, Command>({
	name: 'executions',
	scopes: ['executions', 'list'],
	title: ({connector}) => (connector === null ? 'Executions' : `Executions of ${connector}`),
	filter: ({status, mode, object, operation, find}) =>
		[status ?? '', mode ?? '', operation ?? '', object ?? '', find === '' ? '' : `/${find}`].filter((part) => part !== '').join('  '),
	start,
	update,
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
	commandLine: ({connector, status, mode, object, operation}) =>
		[
			'sluice executions',
			connector,
			status && `--status ${status}`,
			mode && `--mode ${mode}`,
			object && `--object ${object}`,
			operation && `--operation ${operation}`,
		]
			.filter((part) => part !== null)
			.join(' '),
	ticking: ({executions: {value}}) => value?.some((one) => !hasEnded(one)) ?? false,
	Draw,
});
