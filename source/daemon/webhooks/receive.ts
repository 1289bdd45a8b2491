import type {IncomingMessage} from 'node:http';
import {SluiceError} from '../../model/errors.js';
import type {ConnectorEntry} from '../../workspace/read-workspace.js';
import {authenticate} from './authenticate.js';
import {fingerprintOf, keysOf} from './idempotency.js';
import type {Intake, Kept} from './intake.js';
import type {Caller, Claim, ProveBody} from './proof/claim.js';
import {queryOf, readBody, textOf} from './read-request.js';
import {type Unpack, unpackerOf} from './unpack.js';

export type Receiver = {
	readonly intake: Pick<Intake, 'keep'>;
	find(connector: string): ConnectorEntry | undefined;
	secret(name: string): string | null;
	/** `http.public_url` as it is now. */
	readonly publicUrl?: () => string | null;
	/** Keys that others publish. */
	readonly keys: Claim['keys'];
	readonly nowMs?: () => number;
};

/**
 * Takes one request in (SPEC 4): whoever sends it is checked before its body is read where that can be, and it is kept before it is answered.
 *
 * @throws SluiceError `webhook.*`
 */
export async function receive(receiver: Receiver, name: string, incoming: IncomingMessage): Promise<Kept> {
	const {intake, find, secret, keys, publicUrl = () => null, nowMs = Date.now} = receiver;
	const entry = find(name);
	if (entry?.kind !== 'webhook') throw new SluiceError('webhook.unknown', 'There is no webhook connector of this name');
	const {method = 'GET'} = incoming;
	if (method !== 'POST' && method !== 'GET') throw new SluiceError('webhook.method', `Webhooks are not sent with ${method}`);
	const webhook = entry.connector?.webhook;
	if (!webhook) throw new SluiceError('webhook.closed', 'The configuration of the connector has problems');
	const query = queryOf(incoming);
	const header = (wanted: string): string | undefined => [incoming.headers[wanted]].flat()[0];
	const prove = await authenticate(webhook.auth, {
		method,
		connector: name,
		publicUrl: publicUrl(),
		query,
		header,
		idPlace: webhook.id ?? null,
		secret,
		keys,
		nowMs: nowMs(),
	});
	const unpack = unpackerOf(header('content-encoding'));
	const sent = await readBody(incoming);
	const {caller, body} = await provenBody(sent, unpack, prove);
	const text = textOf(body, header('content-type'));
	return await intake.keep({
		connector: name,
		cadenceSeconds: webhook.cadenceSeconds,
		caller: caller.name,
		query,
		body: text,
		keys: keysOf(header('idempotency-key'), caller.signedId),
		fingerprint: fingerprintOf(method, query, body),
	});
}

/**
 * The body that is proven, unpacked. The bytes as they were sent are what is signed; a sender that packs behind the one that signs has signed
 * the unpacked ones (SPEC 25).
 */
async function provenBody(sent: Buffer, unpack: Unpack | null, prove: ProveBody): Promise<{caller: Caller; body: Buffer}> {
	if (unpack === null) return {caller: await prove(sent), body: sent};
	let caller: Caller | null = null;
	try {
		caller = await prove(sent);
	} catch (refusal) {
		// What is packed wrongly proves nothing.
		const body = await unpack(sent).catch(() => {
			throw refusal;
		});
		return {caller: await prove(body), body};
	}
	return {caller, body: await unpack(sent)};
}

const statuses: Readonly<Partial<Record<string, number>>> = {
	'webhook.unknown': 404,
	'webhook.method': 405,
	'webhook.unauthorised': 401,
	'webhook.too_large': 413,
	'webhook.query_too_long': 414,
	'webhook.not_text': 400,
	'webhook.encoding': 415,
	'webhook.key_invalid': 400,
	'webhook.aborted': 400,
	'webhook.key_reused': 409,
	'webhook.closed': 503,
	'webhook.keys_unreachable': 503,
	'webhook.full': 503,
	'webhook.not_kept': 503,
};

/** The HTTP status that goes with a refusal; one that nobody foresaw is 500, and worth sending again. */
export function statusOfRefusal({code}: SluiceError): number {
	return statuses[code] ?? 500;
}
