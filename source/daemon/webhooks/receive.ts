import type {IncomingMessage} from 'node:http';
import {SluiceError} from '../../model/errors.js';
import {defaultMaxBodyBytes, type WebhookAuth, type WebhookIntake} from '../../model/webhook-intake.js';
import type {ConnectorEntry} from '../../workspace/read-workspace.js';
import {authenticate} from './authenticate.js';
import type {BodiesInFlight, HeldBody} from './bodies-in-flight.js';
import {graphEcho, mayBePing, pingAnswer, provenHandshake} from './handshake/by-sender.js';
import {configuredEcho, showsToken} from './handshake/configured.js';
import {nothing} from './handshake/echo.js';
import {snsHandshake, type Visit} from './handshake/sns.js';
import {answerOfKept, type HookAnswer} from './hook-answer.js';
import {fingerprintOf, keysOf} from './idempotency.js';
import type {Intake} from './intake.js';
import {keptHeaders, keptQuery} from './kept-parts.js';
import type {Caller, Claim, ProveBody} from './proof/claim.js';
import {queryOf, readBody, textOf} from './read-request.js';
import {type ReadableRequest, valueAt} from './request-value.js';
import {type Unpack, unpackerOf} from './unpack.js';

export type Receiver = {
	readonly intake: Pick<Intake, 'keep'>;
	readonly bodies: BodiesInFlight;
	find(connector: string): ConnectorEntry | undefined;
	secret(name: string): string | null;
	readonly visit: Visit;
	/** `http.public_url` as it is now. */
	readonly publicUrl?: () => string | null;
	/** Keys that others publish. */
	readonly keys: Claim['keys'];
	readonly nowMs?: () => number;
};

/** A request as it comes in; `proceed` tells a sender that waits for it that its body is wanted. */
export type Incoming = {readonly incoming: IncomingMessage; proceed(): void};

/** The largest body that may show the token of a handshake. */
const largestTokenBody = 16 * 1024;

/**
 * Takes one request in (SPEC 4, 25): whoever sends it is checked before its body is read where that can be, and it is kept before it is
 * answered. Handshakes and probes are answered and never kept.
 *
 * @throws SluiceError `webhook.*`
 */
export async function receive(receiver: Receiver, name: string, {incoming, proceed}: Incoming): Promise<HookAnswer> {
	const {bodies} = receiver;
	const webhook = webhookOf(receiver.find(name), incoming);
	const {method = 'GET'} = incoming;
	if (method === 'HEAD') return nothing;
	if (method === 'OPTIONS') return optionsAnswer(incoming);
	const held = bodies.hold();
	try {
		return await answerTo(receiver, {name, webhook, method, incoming, proceed, held});
	} finally {
		held.end();
	}
}

/** @throws SluiceError `webhook.unknown`, `webhook.method`, `webhook.closed` */
function webhookOf(entry: ConnectorEntry | undefined, {method = 'GET'}: IncomingMessage): WebhookIntake {
	if (entry?.kind !== 'webhook') throw new SluiceError('webhook.unknown', 'There is no webhook connector of this name');
	if (!methods.includes(method)) throw new SluiceError('webhook.method', `Webhooks are not sent with ${method}`);
	if (!entry.connector?.webhook) throw new SluiceError('webhook.closed', 'The configuration of the connector has problems');
	return entry.connector.webhook;
}

export const methods: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'POST'];

/** CloudEvents ask for leave to deliver (https://github.com/cloudevents/spec, HTTP webhooks, 4). Any origin has it: its requests are proven. */
function optionsAnswer({headers}: IncomingMessage): HookAnswer {
	const asked = headers['webhook-request-origin'] !== undefined;
	return {
		status: 204,
		headers: {Allow: methods.join(', '), ...(asked && {'WebHook-Allowed-Origin': '*', 'WebHook-Allowed-Rate': '*'})},
		body: '',
	};
}

type Known = Incoming & {readonly name: string; readonly webhook: WebhookIntake; readonly method: string; readonly held: HeldBody};

async function answerTo(receiver: Receiver, known: Known): Promise<HookAnswer> {
	const {intake, secret, visit, keys, publicUrl = () => null, nowMs = Date.now} = receiver;
	const {name, webhook, method, incoming, proceed, held} = known;
	const {auth, handshake = null, maxBodyBytes = defaultMaxBodyBytes} = webhook;
	const sender: string | null = auth?.sender ?? null;
	const query = queryOf(incoming);
	const header = (wanted: string): string | undefined => [incoming.headers[wanted]].flat()[0];
	const head: ReadableRequest = {header, query, body: null};
	const unproven = graphEcho(sender, head) ?? tokenEcho(webhook, head, secret);
	if (unproven) return unproven;
	const claim = {
		method,
		connector: name,
		publicUrl: publicUrl(),
		query,
		header,
		idPlace: webhook.id ?? null,
		secret,
		keys,
		nowMs: nowMs(),
	};
	const prove = await proverOf(webhook, head, () => authenticate(auth, claim));
	const unpack = unpackerOf(header('content-encoding'), maxBodyBytes);
	proceed();
	const sent = await readBody(incoming, maxBodyBytes, held);
	const proven = await provenBody(sent, unpack, prove).catch((refusal: unknown) => {
		const plain: ReadableRequest = {...head, body: sent.length > largestTokenBody ? null : sent.toString('utf8')};
		const answer = pingAnswer(sender, plain) ?? tokenEcho(webhook, plain, secret);
		if (answer) return answer;
		throw refusal;
	});
	if ('status' in proven) return proven;
	const {caller, body} = proven;
	if (body !== sent) held.grow(body.length);
	const {text, guessed} = textOf(body, header('content-type'));
	const request: ReadableRequest = {...head, body: text};
	const shaken =
		(handshake && configuredEcho(handshake, request)) ??
		provenHandshake(sender, request, secret(caller.name)) ??
		(await snsHandshake(auth, request, visit));
	if (shaken) return shaken;
	const kept = keptQuery(query, caller.provenQuery);
	if (method === 'GET' && kept === '' && body.length === 0) return nothing;
	const place = webhook.id ?? null;
	const isPlaced = place !== null && 'header' in place && place.header === 'idempotency-key';
	const done = await intake.keep({
		connector: name,
		cadenceSeconds: webhook.cadenceSeconds,
		caller: caller.name,
		query: kept,
		body: text,
		headers: keptHeaders(webhook.headers ?? [], auth, header),
		guessed,
		keys: keysOf({
			idempotencyKey: isPlaced ? undefined : header('idempotency-key'),
			signedId: caller.signedId,
			placedId: place && valueAt(place, request),
		}),
		fingerprint: fingerprintOf(method, kept, body),
	});
	return answerOfKept(done, webhook);
}

/** What a request is echoed that shows the token of the configured handshake in place of the proof. @throws SluiceError `webhook.echo` */
function tokenEcho({handshake = null}: WebhookIntake, request: ReadableRequest, secret: Receiver['secret']): HookAnswer | null {
	return handshake && showsToken(handshake, request, secret) ? configuredEcho(handshake, request) : null;
}

/** What the head proves. Where the body may be a handshake without proof, the refusal waits until it is read. */
async function proverOf({auth, handshake}: WebhookIntake, head: ReadableRequest, prover: () => Promise<ProveBody>): Promise<ProveBody> {
	try {
		return await prover();
	} catch (refusal) {
		if (!mayBePing(auth?.sender ?? null, head) && !mayShowToken(handshake ?? null, head)) throw refusal;
		return () => Promise.reject(refusal);
	}
}

function mayShowToken(handshake: WebhookIntake['handshake'] | null, {header}: ReadableRequest): boolean {
	const at = handshake?.token?.at;
	return at !== undefined && 'body' in at && Number(header('content-length') ?? Number.NaN) <= largestTokenBody;
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
	'webhook.echo': 400,
	'webhook.aborted': 400,
	'webhook.key_reused': 409,
	'webhook.closed': 503,
	'webhook.keys_unreachable': 503,
	'webhook.full': 503,
	'webhook.busy': 503,
	'webhook.not_confirmed': 503,
	'webhook.not_kept': 503,
};

/** The HTTP status that goes with a refusal; one that nobody foresaw is 500, and worth sending again. */
export function statusOfRefusal({code}: SluiceError): number {
	return statuses[code] ?? 500;
}

/** How the callers of a connector prove themselves; null where that is not known. */
export function authOf(entry: ConnectorEntry | undefined): WebhookAuth | null {
	return entry?.connector?.webhook?.auth ?? null;
}
