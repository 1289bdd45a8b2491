import {StringDecoder} from 'node:string_decoder';
import {setTimeout as pause} from 'node:timers/promises';
import {type SluiceError, toSluiceError} from '../model/errors.js';
import type {SluiceEvent} from './contract.js';
import {send} from './exchange.js';
import {fromJson} from './from-json.js';
import type {Identity} from './identity.js';

/** What the stream of events says: that it stands, something that changed, or that the daemon is gone for now. */
export type Heard =
	| {readonly heard: 'connected'}
	| {readonly heard: 'event'; readonly id: string; readonly event: SluiceEvent}
	| {readonly heard: 'lost'; readonly error: SluiceError};

const firstPauseMs = 200;
const longestPauseMs = 5_000;

/**
 * Changes as they happen, for ever: a lost daemon is said once (`lost`) and looked for again, and what happened meanwhile is
 * asked for with `Last-Event-ID` (SPEC 16). Ends when `signal` is aborted.
 *
 * @param socketOf asked before every attempt, because a daemon that comes back may listen elsewhere
 * @param alive called with every sign of life, beside events the daemon's comments (at least two a second): a daemon that hangs keeps its
 *   socket open and would otherwise go unnoticed
 */
export async function* listen(
	socketOf: () => string | Promise<string>,
	identity: Identity,
	{signal, lastEventId, alive}: {signal: AbortSignal; lastEventId?: string | undefined; alive?: () => void},
): AsyncGenerator<Heard> {
	let last = lastEventId;
	let pauseMs = firstPauseMs;
	while (!signal.aborted) {
		try {
			const socket = await socketOf();
			const headers: Record<string, string> = last === undefined ? {} : {'Last-Event-ID': last};
			const response = await send({socket, identity, method: 'GET', path: '/events', signal, headers});
			yield {heard: 'connected'};
			pauseMs = firstPauseMs;
			for await (const {id, text} of messages(response, alive)) {
				last = id;
				yield {heard: 'event', id, event: fromJson(text) as SluiceEvent};
			}
			yield {heard: 'lost', error: toSluiceError(new Error('The daemon closed the stream of events'))};
		} catch (error) {
			if (signal.aborted) return;
			yield {heard: 'lost', error: toSluiceError(error)};
		}
		try {
			await pause(pauseMs, undefined, {signal});
		} catch {
			return;
		}
		pauseMs = Math.min(pauseMs * 2, longestPauseMs);
	}
}

/** Server-sent events as the HTML standard frames them: fields a line, an empty line ends a message, `:` begins a comment. */
async function* messages(stream: AsyncIterable<unknown>, alive?: () => void): AsyncGenerator<{id: string; text: string}> {
	const decoder = new StringDecoder('utf8');
	let rest = '';
	let id = '';
	let lines: string[] = [];
	for await (const part of stream) {
		alive?.();
		rest += decoder.write(part as Buffer);
		const complete = rest.split('\n');
		rest = complete.pop() ?? '';
		for (const line of complete) {
			if (line === '') {
				if (lines.length > 0) yield {id, text: lines.join('\n')};
				lines = [];
			} else if (line.startsWith('id:')) id = line.slice(3).trim();
			else if (line.startsWith('data:')) lines.push(line.slice(5).replace(/^ /, ''));
		}
	}
}
