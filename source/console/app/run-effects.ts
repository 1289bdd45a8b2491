import type {Client} from '../../api/client.js';
import {toSluiceError} from '../../model/errors.js';
import type {AnyAsk} from '../screens/effect.js';
import {pathsLike} from './complete-path.js';
import type {Latest} from './latest.js';
import type {AppEffect, AppEvent} from './state.js';

/** What reads, and can take long. A deed that is asked for twice is meant twice. */
const reads: ReadonlySet<AnyAsk<unknown>['ask']> = new Set(['rows', 'records', 'find', 'executions', 'deliveries', 'history']);

export type EffectHandlers = {
	readonly client: Client;
	readonly latest: Latest;
	readonly folder: string;
	readonly dispatch: (event: AppEvent) => void;
	readonly refresh: () => void;
	readonly redraw: () => void;
	readonly quit: () => void;
	/** @returns why not, null when it was sent */
	readonly copy: (text: string) => string | null;
	readonly edit: (file: string, line: number | undefined) => Promise<void>;
};

/** Does what the console wants done; what comes of it comes back as an event. */
export function runEffect(order: AppEffect, hands: EffectHandlers): void {
	switch (order.order) {
		case 'ask':
			if (reads.has(order.ask.ask)) {
				hands.latest.ask(`${order.view} ${order.ask.slot}`, () => answer(order, hands));
			} else void answer(order, hands);
			return;
		case 'copy': {
			const why = hands.copy(order.text);
			const text = why === null ? `Sent to the terminal's clipboard: ${order.what}` : `Not copied: ${why}`;
			hands.dispatch({type: 'said', text, tone: why === null ? 'normal' : 'warning'});
			return;
		}
		case 'edit':
			void hands.edit(order.file, order.line);
			return;
		case 'complete':
			void complete(order, hands);
			return;
		case 'refresh':
			hands.refresh();
			hands.dispatch({type: 'said', text: 'Asked the daemon again', tone: 'muted', end: {on: 'refresh'}});
			return;
		case 'redraw':
			hands.redraw();
			return;
		case 'quit':
			hands.quit();
	}
}

async function answer({view, ticket, ask}: AppEffect & {order: 'ask'}, {client, dispatch}: EffectHandlers): Promise<void> {
	const {slot} = ask;
	try {
		const answered = await call(client, ask);
		dispatch({type: 'answered', view, slot, ticket, command: ask.answered(answered as never)});
	} catch (thrown) {
		const error = toSluiceError(thrown);
		dispatch({type: 'refused', view, slot, ticket, error, command: ask.failed?.(error) ?? null});
	}
}

function call(client: Client, {ask, given}: AnyAsk<unknown>): Promise<unknown> {
	const method = client[ask] as (...given: readonly unknown[]) => Promise<unknown>;
	return method(...given);
}

async function complete({view, path, completed}: AppEffect & {order: 'complete'}, {folder, dispatch}: EffectHandlers): Promise<void> {
	dispatch({type: 'came', view, command: completed(await pathsLike(path, folder))});
}
