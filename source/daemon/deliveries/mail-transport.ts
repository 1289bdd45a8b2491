import type {TransportOptions} from 'nodemailer';
import {SluiceError} from '../../model/errors.js';

/** A server that says nothing for this long is given up; the mail is tried again later. */
const silenceMs = 30_000;

/** Parameters of an address that could take TLS away from a password. */
const weakening = ['insecure', 'secure', 'requireTLS', 'ignoreTLS', 'opportunisticTLS'] as const;

/**
 * How the mail server at `address` is spoken to. A password goes over TLS alone, from the first byte (`smtps`) or by STARTTLS, unless the
 * address says `?insecure=true` (SPEC 12).
 *
 * @throws SluiceError `outgoing.refused` for what is no address of a mail server
 */
export function transportOf(address: string): TransportOptions & {readonly url: string} {
	if (!URL.canParse(address)) throw new SluiceError('outgoing.refused', 'smtp.url is no address of a mail server');
	const url = new URL(address);
	const hasPassword = url.username !== '' || url.password !== '';
	const mustEncrypt = hasPassword && url.protocol === 'smtp:' && url.searchParams.get('insecure') !== 'true';
	if (mustEncrypt) for (const name of weakening) url.searchParams.delete(name);
	url.searchParams.delete('insecure');
	const timeouts = {connectionTimeout: silenceMs, greetingTimeout: silenceMs, socketTimeout: silenceMs, dnsTimeout: silenceMs};
	return {url: url.href, ...timeouts, ...(mustEncrypt && {requireTLS: true})};
}

type SmtpError = Error & {readonly code?: string; readonly responseCode?: number; readonly command?: string};

/**
 * An error of the mail server as what it means for the mail: 5xx is an answer for good, all else is tried again. A password or a certificate
 * that is wrong says nothing of the mail: it goes once that is corrected.
 *
 * @returns `delivery.rejected` where another attempt would be answered the same
 */
export function mailFailure(thrown: unknown): SluiceError {
	const cause = thrown as SmtpError;
	if (cause.command === 'STARTTLS' || cause.code === 'ETLS') {
		const message = `The mail server offers no TLS that can be trusted, and a password is not sent without: ${cause.message}`;
		return new SluiceError('outgoing.failed', message, {
			cause,
			cure: 'Use smtps://, or add ?insecure=true to smtp.url to send the password in clear.',
		});
	}
	if (isPermanent(cause))
		return new SluiceError('delivery.rejected', `The mail server refuses this mail for good: ${cause.message}`, {cause});
	return new SluiceError('outgoing.failed', `The mail could not be sent: ${cause.message}`, {cause});
}

function isPermanent({code, responseCode = 0}: SmtpError): boolean {
	return code !== 'EAUTH' && responseCode >= 500 && responseCode < 600;
}
