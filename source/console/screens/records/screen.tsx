import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {RecordView} from '../../../api/contract.js';
import {own} from '../../../model/own.js';
import {relatedValue} from '../../../model/related-record.js';
import {Line} from '../../components/line.js';
import {isListMove} from '../../components/list.js';
import {type Column, Table} from '../../components/table.js';
import {Tabs} from '../../components/tabs.js';
import {count} from '../../text/age.js';
import {type DrawProps, defineScreen} from '../screen.js';
import {awaitsRow, rowAt} from '../shared/list-pages.js';
import {ErrorBox, noticeOf} from '../shared/notice.js';
import {quoted, valueText} from '../shared/words.js';
import {type Command, identifierOf, type State, start, update, visibleRows} from './model.js';

function Draw({state, around}: DrawProps<State>): ReactElement {
	const {width} = around;
	const notice = noticeOf(state.objects, 'objects', width);
	if (notice !== null) return notice;
	const objects = state.objects.value ?? [];
	if (state.object === null)
		return <Line width={width} spans={[{text: '  This workspace has no objects yet: each is a file in objects/.', tone: 'muted'}]} />;
	const {records} = state;
	return (
		<Box flexDirection="column">
			<Tabs
				tabs={objects.map(({name}) => name)}
				active={objects.findIndex(({api_name: name}) => name === state.object?.api_name)}
				width={width}
			/>
			{records.error === null ? (
				<Table
					columns={columnsOf(state)}
					total={records.total ?? 0}
					rowAt={(index) => rowAt(records, index)}
					cursor={records.list.cursor}
					top={records.list.top}
					width={width}
					height={visibleRows(around) + 1}
					fixed={1}
					cursorColumn={state.column}
					empty={emptyText(state)}
				/>
			) : (
				<ErrorBox title="No records" error={records.error} width={width} />
			)}
			<Line width={width} spans={[{text: footText(state), tone: 'muted'}]} />
		</Box>
	);
}

function footText({records: {total, list}, archived}: State): string {
	if (total === null) return '';
	return ` ${total === 0 ? 0 : count(list.cursor + 1)} of ${count(total)}${archived ? ', archived ones among them' : ' active records'}`;
}

function emptyText({find, archived, where, records}: State): string {
	if (records.total === null) return 'Asking the daemon for records …';
	if (where !== null) return `No record has ${where.field} = ${where.value}; w and an empty text take the filter away.`;
	if (find !== '') return `No record holds "${find}"${archived ? '' : '; a looks among archived ones too'}.`;
	return 'No records yet: a live run of a connector makes them.';
}

function columnsOf(state: State): readonly Column<RecordView>[] {
	const fields = state.object?.fields.filter(({api_name: name}) => name !== state.object?.identifier) ?? [];
	return [
		{
			key: 'identifier',
			title: state.object?.identifier ?? 'record',
			width: 22,
			cell: (record) => ({text: identifierOf(state, record), tone: 'strong'}),
		},
		...(state.archived
			? [
					{
						key: 'archived',
						title: 'state',
						width: 10,
						cell: ({archived}: RecordView) => (archived ? {text: '■ archived', tone: 'muted' as const} : '● active'),
					},
				]
			: []),
		...fields.map(
			({api_name: name}): Column<RecordView> => ({
				key: name,
				title: name,
				width: 16,
				grow: 1,
				cell: ({fields: values, related = {}}) => valueText(relatedValue(own(values, name), own(related, name), false)),
			}),
		),
	];
}

const keys = {
	left: {type: 'sideways', by: -1},
	right: {type: 'sideways', by: 1},
	nextObject: {type: 'turn', by: 1},
	previousObject: {type: 'turn', by: -1},
	archived: {type: 'archived'},
	executions: {type: 'touched'},
	filterField: {type: 'askWhere'},
	archiveRecord: {type: 'askMove'},
	open: {type: 'open'},
	refresh: {type: 'refresh'},
} as const satisfies Readonly<Record<string, Command>>;

/** What works on the record under the cursor, or on how many there are. */
const needsRow: ReadonlySet<string> = new Set('up down pageUp pageDown top bottom executions filterField archiveRecord open'.split(' '));

export const records = defineScreen<'records', State, Command>({
	name: 'records',
	scopes: ['records', 'list', 'columns'],
	title: ({object}) => (object === null ? 'Records' : `Records of ${object.api_name}`),
	filter: ({find, archived, where}) =>
		[where ? `${where.field} = ${where.value}` : '', archived ? 'archived too' : '', find === '' ? '' : `/${find}`]
			.filter((part) => part !== '')
			.join('  '),
	start,
	update,
	onKey: (_state, key) => (isListMove(key) ? {type: 'move', how: key} : ((keys as Readonly<Record<string, Command>>)[key] ?? null)),
	waits: ({records: pages}, key) => needsRow.has(key) && awaitsRow(pages, isListMove(key)),
	refused: (_state, key) => (key === 'sort' ? 'records come in their own order' : null),
	heard: (_state, changes) => (changes.again ? {type: 'refresh'} : {type: 'heard', changes}),
	find: {text: ({find}) => find, changed: (text) => ({type: 'find', text})},
	commandLine: ({object, find, archived, where}) =>
		object === null
			? null
			: [
					'sluice records',
					object.api_name,
					find !== '' && `--find ${quoted(find)}`,
					where && `--where ${quoted(`${where.field}=${where.value}`)}`,
					archived && '--archived',
				]
					.filter(Boolean)
					.join(' '),
	Draw,
});
