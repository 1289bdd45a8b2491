import type {Delivery} from '../../../api/contract.js';
import {clockText, momentText} from '../../../model/moment.js';
import {timezoneOf} from '../../live/live.js';
import {ask, type Effect} from '../effect.js';
import type {ScreenContext, Step} from '../screen.js';
import {pageRows} from '../shared/list-pages.js';
import {type PagedCommand, type PagedList, rowUnder, startPaged, updatePaged} from '../shared/paged-list.js';
import {countOf} from '../shared/words.js';

export type State = {readonly deliveries: PagedList<Delivery>};

export type Command =
	| PagedCommand<Delivery>
	| {readonly type: 'askRedeliver' | 'open'}
	| {readonly type: 'redeliver'; readonly id: string}
	| {readonly type: 'redelivered'; readonly delivery: Delivery};

export function start(around: ScreenContext): Step<State, Command> {
	const [deliveries, ...asks] = startPaged<Delivery, Command>(around, askDeliveries);
	return [{deliveries}, ...asks];
}

export function update(state: State, command: Command, around: ScreenContext): Step<State, Command> {
	const here = rowUnder(state.deliveries);
	switch (command.type) {
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
		case 'redelivered': {
			const {state: now, attempts} = command.delivery;
			const [next, ...asks] = paged(state, {type: 'refresh'}, around);
			return [next, {say: `It is ${now} (${countOf(attempts, 'attempt')} so far)`, as: {of: 'deliveries'}}, ...asks];
		}
		default:
			return paged(state, command, around);
	}
}

function paged(state: State, command: PagedCommand<Delivery>, around: ScreenContext): Step<State, Command> {
	const [deliveries, ...asks] = updatePaged(state.deliveries, command, around, askDeliveries);
	return [{deliveries}, ...asks];
}

function askDeliveries(page: number, question: number, find: string): Effect<Command> {
	return ask('deliveries', [{find: find === '' ? undefined : find, offset: page * pageRows, limit: pageRows}], {
		slot: `deliveries ${page}`,
		answered: (list): Command => ({type: 'came', page, question, list}),
		failed: (error): Command => ({type: 'refused', question, error}),
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
