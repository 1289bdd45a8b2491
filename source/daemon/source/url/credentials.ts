import type {UrlAuth} from '../../../model/connector.js';
import {SluiceError} from '../../../model/errors.js';
import {accessToken} from '../../outgoing/access-token.js';
import type {Outgoing} from '../../outgoing/request.js';
import {fillAddress, fillSecrets} from '../../secrets/fill.js';
import type {Vault} from '../../secrets/vault.js';

export type AuthWays = {
	readonly vault: Pick<Vault, 'read'>;
	readonly allowHosts: Outgoing['allowHosts'];
	readonly network: Outgoing['network'];
};

/**
 * The `Authorization` that a source asks with: a name and a password, or a token of OAuth 2.0 client credentials (RFC 6749, 4.4).
 *
 * @param fresh asks for a new token: the server refused the one that is kept
 * @throws SluiceError `source.failed`, `outgoing.*`, `secret.missing`
 */
export async function authorization(auth: UrlAuth, {vault, allowHosts, network}: AuthWays, fresh = false): Promise<string> {
	if ('basic' in auth) {
		const pair = `${fillSecrets(auth.basic.user, vault)}:${fillSecrets(auth.basic.password, vault)}`;
		return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
	}
	const {tokenUrl, clientId, clientSecret, scope} = auth.oauth2;
	const request = {
		tokenUrl: fillAddress(tokenUrl, vault),
		clientId: fillSecrets(clientId, vault),
		clientSecret: fillSecrets(clientSecret, vault),
		scope,
		refreshToken: null,
	};
	return `Bearer ${await accessToken(request, {allowHosts, network, fresh, noToken})}`;
}

function noToken(message: string, where: string): SluiceError {
	return new SluiceError('source.failed', message, {
		where,
		expected: '200 with access_token (OAuth 2.0 client credentials)',
		cure: 'Check token_url, client_id, client_secret and scope under source.auth.oauth2.',
	});
}
