import {type IncomingMessage, request} from 'node:http';
import type {ErrorBody} from '../model/errors.js';
import {SluiceError} from '../model/errors.js';
import {toJson} from '../model/json.js';
import {ApiError, type Refusal} from './api-error.js';
import {fromJson} from './from-json.js';
import type {Identity} from './identity.js';

export type Call = {
	readonly socket: string;
	readonly identity: Identity;
	readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	readonly path: string;
	readonly body?: unknown;
	readonly signal?: AbortSignal | undefined;
	readonly headers?: Readonly<Record<string, string>>;
};

/**
 * One request over the workspace's Unix socket, with `node:http` alone: other clients cost 60 to 120 ms to load (DESIGN 6).
 *
 * @throws SluiceError `daemon.unreachable` when nobody listens; `ApiError` when the daemon answers with an error
 */
export async function exchange<Answer>(call: Call): Promise<Answer> {
	return await answerOf<Answer>(await send(call));
}

/** The JSON of an answer that begins to arrive. @throws `ApiError` when it is an error */
export async function answerOf<Answer>(response: IncomingMessage): Promise<Answer> {
	const text = await readText(await accepted(response));
	return (text === '' ? undefined : fromJson(text)) as Answer;
}

/** A text answer as it is: `/metrics`. */
export async function exchangeText(call: Call): Promise<string> {
	return await readText(await accepted(await send(call)));
}

/** An answer that is none of an error, as it begins to arrive. @throws `ApiError` */
export async function accepted(response: IncomingMessage): Promise<IncomingMessage> {
	const status = response.statusCode ?? 500;
	if (status >= 400) throw refusal(status, await readText(response));
	return response;
}

/** Sends the request and hands over the answer as it begins to arrive. */
export function send({socket, identity, method, path, body, signal, headers}: Call): Promise<IncomingMessage> {
	const payload = body === undefined ? undefined : Buffer.from(toJson(body));
	return new Promise((resolve, reject) => {
		const outgoing = request(
			{
				socketPath: socket,
				method,
				path,
				signal,
				agent: false,
				headers: {
					...headersOf(identity),
					...(payload && {'Content-Type': 'application/json', 'Content-Length': payload.length}),
					...headers,
				},
			},
			resolve,
		);
		outgoing.on('error', (cause) => reject(signal?.aborted ? cause : unreachableDaemon(socket, cause)));
		outgoing.end(payload);
	});
}

/** The headers that say who acts. */
export function headersOf({user, from}: Identity): Readonly<Record<string, string>> {
	return {'X-Sluice-User': encodeURIComponent(user), 'X-Sluice-From': from};
}

async function readText(response: IncomingMessage): Promise<string> {
	const parts: Buffer[] = [];
	for await (const part of response) parts.push(part as Buffer);
	return Buffer.concat(parts).toString('utf8');
}

function refusal(status: number, text: string): SluiceError {
	try {
		const body = JSON.parse(text) as ErrorBody & Refusal;
		return new ApiError(status, isUnknownToDaemon(body) ? {...body, cure: otherBuild} : body);
	} catch (cause) {
		return new SluiceError('daemon.unreachable', `The daemon answered ${status} with something that is not JSON`, {cause});
	}
}

const otherBuild = 'The daemon is of another build than this command: end it with `sluice daemon stop`; the next command starts this one.';

/** Whether the daemon does not know what the command asked: a command and a daemon of one build always agree on that. */
function isUnknownToDaemon({message}: ErrorBody): boolean {
	return /^(There is no [A-Z]+ \/|The body of the request is not JSON|The request is not right: .*(Unrecognized key|The daemon opens no file))/.test(
		message,
	);
}

export function unreachableDaemon(socket: string, cause: Error): SluiceError {
	return new SluiceError('daemon.unreachable', 'The daemon does not answer', {where: socket, cause});
}
