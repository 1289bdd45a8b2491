import type {TransportOptions} from 'nodemailer';
import {SluiceError} from '../../model/errors.js';

/** A token of OAuth 2.0 in place of a password. */
export type TokenLogin = {readonly user: string; token(fresh: boolean): Promise<string>};

/** A server that says nothing for this long is given up; the mail is tried again later. */
const silenceMs = 30_000;

/** Parameters of an address that could take TLS away from a password. */
const weakening = ['insecure', 'secure', 'requireTLS', 'ignoreTLS', 'opportunisticTLS'] as const;

/**
 * How the mail server at `address` is spoken to. A password or a token goes over TLS alone, from the first byte (`smtps`) or by STARTTLS,
 * unless the address says `?insecure=true` (SPEC 12).
 *
 * @throws SluiceError `outgoing.refused` for what is no address of a mail server
 */
export function transportOf(address: string, login: TokenLogin | null): TransportOptions & {readonly url: string} {
	const url = addressOf(address);
	const hasPassword = url.username !== '' || url.password !== '' || login !== null;
	const mustEncrypt = hasPassword && url.protocol === 'smtp:' && url.searchParams.get('insecure') !== 'true';
	if (mustEncrypt) for (const name of weakening) url.searchParams.delete(name);
	url.searchParams.delete('insecure');
	const timeouts = {connectionTimeout: silenceMs, greetingTimeout: silenceMs, socketTimeout: silenceMs, dnsTimeout: silenceMs};
	// A user in the address would go before the token, with an empty password.
	if (login) url.username = '';
	return {url: url.href, ...timeouts, ...(mustEncrypt && {requireTLS: true}), ...(login && {auth: oauth2(login)})};
}

/** The mailbox that a token is for: the address's user, else the sender. */
export function mailboxOf(address: string, sender: string): string {
	const {username} = addressOf(address);
	return username === '' ? sender : decodeURIComponent(username);
}

function addressOf(address: string): URL {
	if (!URL.canParse(address)) throw new SluiceError('outgoing.refused', 'smtp.url is no address of a mail server');
	return new URL(address);
}

function oauth2({user, token}: TokenLogin) {
	const provisionCallback = (_user: string, renew: boolean, done: (error: Error | null, token?: string) => void) =>
		void token(renew).then((text) => done(null, text), done);
	return {type: 'OAuth2' as const, user, provisionCallback};
}

type SmtpError = Error & {readonly code?: string; readonly responseCode?: number; readonly command?: string};

/**
 * An error of the mail server as what it means for the mail: 5xx is an answer for good, all else is tried again. A password or a certificate
 * that is wrong says nothing of the mail: it goes once that is corrected.
 *
 * @param hide takes the token out of what the server said
 * @returns `delivery.rejected` where another attempt would be answered the same
 */
export function mailFailure(thrown: unknown, hide: (text: string) => string): SluiceError {
	if (thrown instanceof SluiceError) return thrown;
	const cause = thrown as SmtpError;
	const said = hide(cause.message);
	if (cause.command === 'STARTTLS' || cause.code === 'ETLS') {
		const message = `The mail server offers no TLS that can be trusted, and a password is not sent without: ${said}`;
		return new SluiceError('outgoing.failed', message, {
			cure: 'Use smtps://, or add ?insecure=true to smtp.url to send the password in clear.',
		});
	}
	if (isPermanent(cause)) return new SluiceError('delivery.rejected', `The mail server refuses this mail for good: ${said}`);
	return new SluiceError('outgoing.failed', `The mail could not be sent: ${said}`);
}

/** Whether the server refused the password or the token. */
export function isLoginRefused(thrown: unknown): boolean {
	return (thrown as SmtpError).code === 'EAUTH';
}

function isPermanent({code, responseCode = 0}: SmtpError): boolean {
	return code !== 'EAUTH' && responseCode >= 500 && responseCode < 600;
}
