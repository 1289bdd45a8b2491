import type {Delivery} from '../../../api/contract.js';
import {clockText, momentText} from '../../../model/moment.js';
import {timezoneOf} from '../../live/live.js';
import {ask, type Effect} from '../effect.js';
import type {Step, Surroundings} from '../screen.js';
import {noRows, type Rows, type RowsCommand, type RowsOf, shownRows, updateRows} from '../shared/rows.js';
import {countOf} from '../shared/words.js';

export type State = {readonly rows: Rows<Delivery>};

export type Command =
	| RowsCommand<Delivery>
	| {readonly type: 'askRedeliver' | 'open' | 'refresh'}
	| {readonly type: 'redeliver'; readonly id: string}
	| {readonly type: 'redelivered'; readonly delivery: Delivery};

export const deliveryRows: RowsOf<Delivery> = {
	keyOf: ({id}) => id,
	textOf: ({kind, to, execution, state, last_error: error}) => `${kind} ${to} ${execution ?? ''} ${state} ${error ?? ''}`,
};

export function start(): Step<State, Command> {
	return [{rows: noRows}, askDeliveries()];
}

export function update(state: State, command: Command, around: Surroundings): Step<State, Command> {
	const here = shownRows(state.rows, deliveryRows)[state.rows.list.cursor];
	switch (command.type) {
		case 'refresh':
			return [state, askDeliveries()];
		case 'open':
			if (here === undefined) return [state];
			return [state, {show: {title: `${here.kind} to ${here.to}`, text: deliveryText(here, timezoneOf(around.live))}}];
		case 'askRedeliver':
			return here === undefined ? [state] : [state, redeliverDialog(here)];
		case 'redeliver':
			return [
				state,
				{progress: 'Asking the daemon to send it again …'},
				ask('redeliver', [command.id], {answered: (delivery): Command => ({type: 'redelivered', delivery})}),
			];
		case 'redelivered':
			return [
				state,
				{say: `It is ${command.delivery.state} (${countOf(command.delivery.attempts, 'attempt')} so far)`, as: {of: 'deliveries'}},
				askDeliveries(),
			];
		default:
			return [{...state, rows: updateRows(state.rows, command, deliveryRows, around)}];
	}
}

function askDeliveries(): Effect<Command> {
	return ask('deliveries', [{limit: 1000}], {
		answered: ({items, total}): Command => ({type: 'came', items, total}),
		failed: (error): Command => ({type: 'refused', error}),
	});
}

function redeliverDialog({id, kind, to, state, attempts, last_error: error}: Delivery): Effect<Command> {
	return {
		confirm: {
			title: `Send this ${kind} again?`,
			lines: [`To: ${to}`, `It is ${state} after ${countOf(attempts, 'attempt')}.`, ...(error === null ? [] : [`Last error: ${error}`])],
			stays: 'the execution and its records; the attempts so far stay listed',
			...(state === 'delivered' && {
				safer: 'ask whoever receives it first: it was delivered, and comes a second time under the same event id',
			}),
			action: 'send it again',
			yes: {type: 'redeliver', id},
		},
	};
}

function deliveryText(
	{id, kind, to, execution, state, attempts, last_error: error, next_attempt_at: next, created_at: created, tried = []}: Delivery,
	timezone: string,
): string {
	return [
		`${kind} to ${to}: ${state}`,
		`Attempts: ${attempts}${tried.length < attempts ? `, the last ${tried.length}` : ''}${tried.length > 0 ? ` (${timezone}):` : ''}`,
		...tried.map(({at, error: failure}) => `  ${clockText(at, timezone)}  ${failure ?? 'it arrived'}`),
		...(error === null ? [] : [`Last error: ${error}`]),
		...(next === null ? [] : [`Next attempt: ${momentText(next, timezone)}`]),
		...(execution === null ? [] : [`Execution: ${execution}`]),
		`Since: ${momentText(created, timezone)}`,
		`Id: ${id}`,
	].join('\n');
}
