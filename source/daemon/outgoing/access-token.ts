import type {SluiceError} from '../../model/errors.js';
import {type Outgoing, sendOutside} from './request.js';

/** What a token of OAuth 2.0 is asked with, its secrets filled in. */
export type TokenRequest = {
	readonly tokenUrl: string;
	readonly clientId: string;
	readonly clientSecret: string;
	readonly scope: string | null;
	/** Asks in the name of the person who gave it (RFC 6749, 6); null: with the client's own credentials (4.4). */
	readonly refreshToken: string | null;
};

type Token = {readonly text: string; readonly until: number};

/** Access tokens by what they were asked with, for as long as they hold: in memory alone. */
const tokens = new Map<string, Token>();
/** Refresh tokens that took the place of those in the configuration, by what they were asked with. */
const refreshed = new Map<string, string>();
/** A token is not used in its last moments: it must hold for the request. */
const marginMs = 30_000;
const unsaidMs = 300_000;
const mostTokens = 1_000;

export type TokenWays = {
	readonly allowHosts: Outgoing['allowHosts'];
	readonly network: Outgoing['network'];
	/** Asks for a new token: the server refused the one that is kept. */
	readonly fresh: boolean;
	/** The error where the answer holds no token. */
	readonly noToken: (message: string, where: string) => SluiceError;
};

/**
 * A bearer token, the kept one as long as it holds.
 *
 * @throws SluiceError that of `noToken`, `outgoing.*`
 */
export async function accessToken(request: TokenRequest, {allowHosts, network, fresh, noToken}: TokenWays): Promise<string> {
	const {tokenUrl, clientId, clientSecret, scope, refreshToken} = request;
	const key = JSON.stringify([tokenUrl, clientId, clientSecret, scope, refreshToken]);
	const kept = tokens.get(key);
	if (kept && !fresh && kept.until > Date.now()) return kept.text;
	const grant =
		refreshToken === null
			? {grant_type: 'client_credentials'}
			: {grant_type: 'refresh_token', refresh_token: refreshed.get(key) ?? refreshToken};
	const answer = await sendOutside({
		url: tokenUrl,
		method: 'POST',
		headers: {
			Accept: 'application/json',
			'User-Agent': 'sluice',
			'Content-Type': 'application/x-www-form-urlencoded',
			Authorization: `Basic ${Buffer.from([clientId, clientSecret].map(formEncoded).join(':'), 'utf8').toString('base64')}`,
		},
		body: new URLSearchParams({...grant, ...(scope !== null && {scope})}).toString(),
		allowHosts,
		...(network && {network}),
	});
	const body = objectOf(answer.body.toString('utf8'));
	const token = answer.status === 200 ? tokenOf(body, Date.now()) : null;
	if (token === null)
		throw noToken(`The token server answered ${answer.status} without a bearer token${errorOf(body)}`, new URL(tokenUrl).origin);
	if (refreshToken !== null && typeof body.refresh_token === 'string') keep(refreshed, key, body.refresh_token);
	keep(tokens, key, token);
	return token.text;
}

function keep<Value>(all: Map<string, Value>, key: string, value: Value): void {
	all.delete(key);
	all.set(key, value);
	for (const [oldest] of all) if (all.size > mostTokens) all.delete(oldest);
}

/** RFC 6749, 2.3.1: name and password are form-encoded before they are put together. */
function formEncoded(text: string): string {
	return new URLSearchParams({x: text}).toString().slice(2);
}

function tokenOf(
	{access_token: token, token_type: type, expires_in: seconds}: Readonly<Record<string, unknown>>,
	now: number,
): Token | null {
	if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) return null;
	if (type !== undefined && !/^bearer$/i.test(String(type))) return null;
	const holdsMs = Number(seconds) > 0 ? Number(seconds) * 1000 : unsaidMs;
	return {text: token, until: now + holdsMs - marginMs};
}

/** The error's code alone: the rest of an answer could repeat what was sent. */
function errorOf({error}: Readonly<Record<string, unknown>>): string {
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
