import type {Handshake} from '../../../model/webhook-intake.js';
import {isSecret} from '../../secrets/bearer.js';
import type {HookAnswer} from '../hook-answer.js';
import {type ReadableRequest, valueAt} from '../request-value.js';
import {echo} from './echo.js';

const placeholder = /\{(header|query|body):([^{}]+)\}/g;

/**
 * What the configured handshake answers; null where the request does not have every value that is echoed, and is no handshake.
 *
 * @throws SluiceError `webhook.echo`
 */
export function configuredEcho({answer}: Handshake, request: ReadableRequest): HookAnswer | null {
	let values = 0;
	let lacking = false;
	const text = answer.replace(placeholder, (_, kind: string, name: string) => {
		const at = kind === 'header' ? {header: name.toLowerCase()} : kind === 'query' ? {query: name} : {body: name};
		const value = valueAt(at, request);
		values++;
		lacking ||= value === null;
		return value ?? '';
	});
	return values === 0 || lacking ? null : echo(text);
}

/** Whether the request shows the token of the handshake, which takes the place of the proof. */
export function showsToken({token}: Handshake, request: ReadableRequest, secret: (name: string) => string | null): boolean {
	if (token === null) return false;
	const given = valueAt(token.at, request);
	return token.secrets.filter((name) => isSecret(given, secret(name))).length > 0;
}
