import {Box} from 'ink';
import type {ReactElement} from 'react';
import {TitledBox} from '../../components/box.js';
import {isListMove} from '../../components/list.js';
import {type DrawProps, defineScreen} from '../screen.js';
import {noticeOf, wrappedHeads} from '../shared/notice.js';
import {hasEnded, shortId} from '../shared/words.js';
import {explainFailure, failureHeight, hasLeftRows} from './failure.js';
import {HeadLines} from './head.js';
import {layOutBody} from './layout.js';
import {LoadChunks} from './load-chunks.js';
import {LogPanel} from './log-panel.js';
import {type Command, idOf, type State, start, update} from './model.js';
import {StageTable} from './stages.js';

function Draw({state, around}: DrawProps<State>): ReactElement {
	const execution = state.execution.value;
	const {width} = around;
	if (execution === null) return noticeOf(state.execution, 'the execution', width) ?? <Box />;
	const rows = layOutBody(state, around);
	const failure = explainFailure(execution, state.checks);
	const cut = failure !== null && failureHeight(failure, width) > rows.box - 2;
	return (
		<Box flexDirection="column">
			<HeadLines execution={execution} around={around} />
			<StageTable
				stages={execution.stages}
				ended={hasEnded(execution)}
				list={state.stages}
				focused={state.panel === 'stages'}
				around={around}
				height={rows.stages}
			/>
			{failure !== null && rows.box > 2 && (
				<TitledBox
					title={`${execution.status === 'failed' ? 'What went wrong' : 'Error'}${cut ? ' (x shows all)' : ''}`}
					lines={wrappedHeads(failure, width - 4)}
					width={width}
					height={rows.box}
				/>
			)}
			{rows.grid > 0 && <LoadChunks execution={execution} around={around} height={rows.grid} />}
			<LogPanel state={state} around={around} height={rows.log} />
		</Box>
	);
}

export const execution = defineScreen<'execution', State, Command>({
	name: 'execution',
	scopes: ['execution', 'list'],
	title: (state) => (state.execution.value === null ? state.id : `${state.execution.value.connector} ${shortId(state.execution.value.id)}`),
	filter: ({find}) => (find === '' ? '' : `log /${find}`),
	start,
	update,
	onKey(state, key) {
		if (isListMove(key)) return {type: 'move', how: key};
		const of = state.execution.value;
		switch (key) {
			case 'open':
			case 'edit':
			case 'explain':
			case 'tables':
			case 'follow':
			case 'refresh':
				return {type: key};
			case 'nextPanel':
				return {type: 'panel'};
			case 'menu':
				return of === null ? null : {type: 'menu', of};
			case 'cancel':
				return of === null ? null : {type: 'askCancel', of};
			default:
				return null;
		}
	},
	refused({execution: {value}}, key) {
		if (key === 'cancel' && value !== null && hasEnded(value)) return 'it has ended: there is nothing to cancel';
		if (key !== 'explain' || value === null || value.error !== null || hasLeftRows(value)) return null;
		return hasEnded(value) ? 'nothing went wrong' : 'it has not ended';
	},
	heard: (state, changes) =>
		changes.again || changes.executions.has(idOf(state)) || changes.logs.has(idOf(state)) ? {type: 'heard', changes} : null,
	find: {text: ({find}) => find, changed: (text) => ({type: 'find', text})},
	commandLine: (state) => `sluice show ${idOf(state)} --follow`,
	ticking: ({execution: {value}}) => value !== null && !hasEnded(value),
	Draw,
});
