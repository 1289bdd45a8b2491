import {randomUUID} from 'node:crypto';
import {request} from 'undici';
import type {ConfirmRequest, WebhookTested} from '../../api/contract.js';
import {SluiceError} from '../../model/errors.js';
import {defaultMaxBodyBytes, type WebhookAuth} from '../../model/webhook-intake.js';
import type {Listen} from '../../workspace/settings.js';
import type {Actor} from '../control/history.js';
import {signingKey, webhookHeaders} from '../outgoing/signature.js';
import {Refused} from '../refused.js';
import type {Services} from '../services.js';
import {confirmed} from '../submit/confirmed.js';

const timeoutMs = 10_000;

/**
 * `POST /connectors/:name/webhook/test`: sends a signed request to the listener as its callers do, over TCP, with the body of the sample's
 * first row. It is a request like any other, and will run with its window.
 *
 * @throws SluiceError `webhook.listener_off`, `webhook.listener_failed`, `webhook.secret_missing`, `webhook.refused` with what was answered
 */
export async function testWebhook(services: Services, name: string, {confirm}: ConfirmRequest, actor: Actor): Promise<WebhookTested> {
	const {configuration, control, webhooks, readers} = services;
	await configuration.refresh();
	const {connector, problems} = configuration.entry(name);
	confirmed(configuration, name, confirm);
	if (!connector) throw new Refused('workspace.invalid', `The configuration of ${name} has problems`, {problems});
	if (!connector.webhook) throw new SluiceError('usage.invalid', `${name} is no webhook connector`, {expected: 'type: webhook'});
	await webhooks.follow();
	const url = `${baseOf(webhooks.address)}/hooks/${name}`;
	const {sampleFile} = connector;
	const sample =
		sampleFile &&
		(await readers.ask(name, 'body', {path: sampleFile, largestBytes: connector.webhook.maxBodyBytes ?? defaultMaxBodyBytes}));
	const body = sample ?? '{}';
	const headers = headersOf(services, connector.webhook.auth, body);
	const answer = await request(url, {method: 'POST', headers, body, headersTimeout: timeoutMs, bodyTimeout: timeoutMs}).catch(
		(cause: unknown) => {
			throw new SluiceError('webhook.refused', `The listener did not answer: ${String(cause)}`, {where: url, cause});
		},
	);
	const text = await answer.body.text();
	const window = /^(\S+)\/(\S+)$/.exec(String(answer.headers['x-sluice-window'] ?? ''));
	const id = String(answer.headers['x-sluice-request'] ?? '');
	if (answer.statusCode >= 300 || !window) {
		throw new SluiceError('webhook.refused', `The listener answered ${answer.statusCode}: ${messageOf(text)}`, {where: url});
	}
	control.history.add(actor, {what: 'webhook test', connector: name, detail: {request: id}});
	return {connector: name, url, id, body, window: {start: window[1] ?? '', end: window[2] ?? ''}};
}

/** What proves a request, made with the first secret that is set. */
function headersOf({vault}: Services, auth: WebhookAuth | null, body: string) {
	const headers = {'Content-Type': 'application/json'};
	const proof = auth?.proofs[0];
	if (proof?.kind !== 'bearer' && proof?.kind !== 'hmac') {
		throw new SluiceError('webhook.closed', 'The connector does not say how a caller proves itself', {
			cure: 'Add auth to its webhook: {bearer: SECRET} or {hmac: [SECRET]}.',
		});
	}
	const secret = proof.secrets
		.map((name) => vault.read(name))
		.find((text) => text !== null && (proof.kind === 'bearer' || signingKey(text) !== null));
	if (!secret) {
		const [name = 'NAME'] = proof.secrets;
		throw new SluiceError('webhook.secret_missing', `The secret "${name}" is not set, or holds no key`, {
			cure: `Set it with \`sluice secret set ${name}\`.`,
		});
	}
	if (proof.kind === 'bearer') return {...headers, Authorization: `Bearer ${secret}`, 'Idempotency-Key': `test_${randomUUID()}`};
	return {...headers, ...webhookHeaders(secret, `test_${randomUUID()}`, new Date(), body)};
}

/** Where a listener is reached from this machine: one that listens everywhere listens here too. */
function baseOf({host, port}: Listen): string {
	const here = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
	return `http://${here.includes(':') ? `[${here}]` : here}:${port}`;
}

function messageOf(text: string): string {
	try {
		return String((JSON.parse(text) as {message?: unknown}).message ?? text);
	} catch {
		return text.slice(0, 200);
	}
}
