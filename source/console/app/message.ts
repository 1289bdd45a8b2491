import type {ConnectorStatus} from '../../api/contract.js';
import type {Changes, Live} from '../live/live.js';
import {connectorOf} from '../live/live.js';
import type {Fact} from '../screens/effect.js';
import {widthOf, wrap} from '../text/fit.js';
import type {App, Message} from './state.js';

/** The message after an answer came, whatever it says; null when it was the last one waited for. */
export function afterAnswer(message: Message | null, question: string, ticket: number): Message | null {
	if (message?.end?.on !== 'answers' || message.end.tickets[question] !== ticket) return message;
	const {[question]: _, ...tickets} = message.end.tickets;
	return Object.keys(tickets).length === 0 ? null : {...message, end: {on: 'answers', tickets}};
}

/** The message after news: null when what it tells is over, and when the daemon is lost, so that nothing is claimed meanwhile. */
export function afterNews(message: Message | null, before: Live, live: Live, changes: Changes): Message | null {
	if (message === null || (before.lost !== null && live.lost === null)) return null;
	if (message.end === undefined) return message;
	if (before.lost === null && live.lost !== null) return null;
	if (message.end.on === 'refresh') return changes.again ? null : message;
	return message.end.on === 'news' && !isStillSo(message.end.fact, live, changes) ? null : message;
}

/** Whether a fact holds, as far as the picture tells. */
function isStillSo(fact: Fact, live: Live, changes: Changes): boolean {
	if ('of' in fact) return fact.of === 'deliveries' ? !changes.deliveries : changes.problems === null;
	if ('connector' in fact) {
		const status: ConnectorStatus | undefined = connectorOf(live, fact.connector)?.status;
		return status === undefined || status === fact.status;
	}
	const known = [...live.active, ...live.recent].find(({id}) => id === fact.execution);
	return known === undefined || (known.status === fact.status && known.waiting_for === fact.waiting_for);
}

const mostLines = 4;

/** A message that one line does not hold, a line each; one line for all that is shorter, or being typed. */
export function messageLines({
	overlay,
	message,
	columns,
	early,
}: Pick<App, 'overlay' | 'message' | 'columns' | 'early'>): readonly string[] {
	const typing = overlay?.kind === 'find' || overlay?.kind === 'prompt';
	if (message === null || typing || early?.late || widthOf(message.text) < columns) return [''];
	return wrap(message.text, columns - 2).slice(0, mostLines);
}
