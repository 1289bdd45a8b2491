import type {ConnectorSummary} from '../../../api/contract.js';
import type {Execution} from '../../../model/execution.js';
import type {Effect, Fact} from '../effect.js';
import {shortId, waitText} from './words.js';

/** How an execution is, as a fact that a message may tell. */
export function factOf({id, status, waiting_for}: Execution): Fact {
	return {execution: id, status, waiting_for};
}

/** Says how an execution is that was just made: that it runs, or what it waits for. */
export function standing(execution: Execution): Effect<never> {
	const waits = waitText(execution);
	const text = `${shortId(execution.id)} is ${execution.status}${waits === '' ? '' : `: ${waits}`}`;
	return {say: text, tone: 'good', as: factOf(execution)};
}

/** Says how a connector is after it was activated or deactivated. */
export function connectorStanding({api_name: connector, status}: ConnectorSummary): Effect<never> {
	return {say: `${connector} is ${status}`, tone: 'good', as: {connector, status}};
}
