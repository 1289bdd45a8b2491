import {SluiceError} from '../../model/errors.js';
import type {Configuration} from '../configuration/configuration.js';
import {accessToken} from '../outgoing/access-token.js';
import {networkOf} from '../outgoing/network.js';
import {fillAddress, fillSecrets} from '../secrets/fill.js';
import type {Vault} from '../secrets/vault.js';
import type {MailServer} from './mail.js';

/**
 * The workspace's mail server, its secrets filled in; null: there is none, mails are written as files.
 *
 * @throws SluiceError `secret.missing`
 */
export function mailServerOf({workspace}: Pick<Configuration, 'workspace'>, vault: Pick<Vault, 'read'>): MailServer | null {
	const {smtp, httpAllowHosts: allowHosts} = workspace.settings;
	if (!smtp) return null;
	const server = {url: fillAddress(smtp.url, vault), from: smtp.from};
	if (!smtp.oauth2) return server;
	const {tokenUrl, clientId, clientSecret, scope, refreshToken} = smtp.oauth2;
	const request = {
		tokenUrl: fillAddress(tokenUrl, vault),
		clientId: fillSecrets(clientId, vault),
		clientSecret: fillSecrets(clientSecret, vault),
		scope,
		refreshToken: refreshToken === null ? null : fillSecrets(refreshToken, vault),
	};
	const network = networkOf(workspace.settings, vault);
	return {...server, token: (fresh) => accessToken(request, {allowHosts, network, fresh, noToken})};
}

function noToken(message: string, where: string): SluiceError {
	return new SluiceError('outgoing.failed', message, {
		where,
		expected: '200 with access_token (OAuth 2.0)',
		cure: 'Check token_url, client_id, client_secret, refresh_token and scope under smtp.auth.oauth2.',
	});
}
