import type {UrlAuth} from '../../../model/connector.js';
import {SluiceError} from '../../../model/errors.js';
import {type Outgoing, sendOutside} from '../../outgoing/request.js';
import {fillAddress, fillSecrets} from '../../secrets/fill.js';
import type {Vault} from '../../secrets/vault.js';

type Token = {readonly header: string; readonly until: number};

/** Access tokens by what they were asked with, for as long as they hold: in memory alone. */
const tokens = new Map<string, Token>();
/** A token is not used in its last moments: it must hold for the request. */
const marginMs = 30_000;
const unsaidMs = 300_000;
const mostTokens = 1_000;

export type AuthWays = {readonly vault: Pick<Vault, 'read'>; readonly allowHosts: Outgoing['allowHosts']};

/**
 * The `Authorization` that a source asks with: a name and a password, or a token of OAuth 2.0 client credentials (RFC 6749, 4.4).
 *
 * @param fresh asks for a new token: the server refused the one that is kept
 * @throws SluiceError `source.failed`, `outgoing.*`, `secret.missing`
 */
export async function authorization(auth: UrlAuth, {vault, allowHosts}: AuthWays, fresh = false): Promise<string> {
	if ('basic' in auth) {
		const pair = `${fillSecrets(auth.basic.user, vault)}:${fillSecrets(auth.basic.password, vault)}`;
		return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
	}
	const {tokenUrl, clientId, clientSecret, scope} = auth.oauth2;
	const url = fillAddress(tokenUrl, vault);
	const client = [fillSecrets(clientId, vault), fillSecrets(clientSecret, vault)] as const;
	const key = JSON.stringify([url, ...client, scope]);
	const kept = tokens.get(key);
	if (kept && !fresh && kept.until > Date.now()) return kept.header;
	const form = new URLSearchParams({grant_type: 'client_credentials', ...(scope !== null && {scope})});
	const answer = await sendOutside({
		url,
		method: 'POST',
		headers: {
			Accept: 'application/json',
			'User-Agent': 'sluice',
			'Content-Type': 'application/x-www-form-urlencoded',
			Authorization: `Basic ${Buffer.from(client.map(formEncoded).join(':'), 'utf8').toString('base64')}`,
		},
		body: form.toString(),
		allowHosts,
	});
	const token = tokenOf(answer.status === 200 ? answer.body.toString('utf8') : '', Date.now());
	if (token === null) throw noToken(answer.status, errorOf(answer.body.toString('utf8')), new URL(url).origin);
	tokens.delete(key);
	tokens.set(key, token);
	for (const [oldest] of tokens) if (tokens.size > mostTokens) tokens.delete(oldest);
	return token.header;
}

/** RFC 6749, 2.3.1: name and password are form-encoded before they are put together. */
function formEncoded(text: string): string {
	return new URLSearchParams({x: text}).toString().slice(2);
}

function tokenOf(body: string, now: number): Token | null {
	const {access_token: token, token_type: type, expires_in: seconds} = objectOf(body);
	if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) return null;
	if (type !== undefined && !/^bearer$/i.test(String(type))) return null;
	const holdsMs = Number(seconds) > 0 ? Number(seconds) * 1000 : unsaidMs;
	return {header: `Bearer ${token}`, until: now + holdsMs - marginMs};
}

/** The error's code alone: the rest of an answer could repeat what was sent. */
function errorOf(body: string): string {
	const {error} = objectOf(body);
	return typeof error === 'string' && /^[\w .-]{1,60}$/.test(error) ? `: ${error}` : '';
}

function objectOf(body: string): Readonly<Record<string, unknown>> {
	try {
		const value: unknown = JSON.parse(body);
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
	} catch {
		// Not JSON: an answer without a token.
		return {};
	}
}

function noToken(status: number, said: string, where: string): SluiceError {
	return new SluiceError('source.failed', `The token server answered ${status} without a bearer token${said}`, {
		where,
		expected: '200 with access_token (OAuth 2.0 client credentials)',
		cure: 'Check token_url, client_id, client_secret and scope under source.auth.oauth2.',
	});
}
