import {type KeyObject, X509Certificate} from 'node:crypto';
import type {JSONWebKeySet} from 'jose';
import {SluiceError} from '../../../model/errors.js';
import type {Answer} from '../../outgoing/request.js';

/** Gets an address by the guarded request of SPEC 17. */
export type GetOutside = (url: string) => Promise<Pick<Answer, 'status' | 'body'>>;

type Kept<Value> = {readonly value: Promise<Value>; readonly untilMs: number; readonly againMs: number};

const holdsMs = 10 * 60_000;
/** A key that is unknown, and an answer that did not come, are asked for again after this long. */
const againAfterMs = 30_000;
const mostKept = 100;

/** Keys that others publish: those of token issuers, and certificates of Amazon SNS. Each is fetched once, and kept for a while. */
export class PublicKeys {
	readonly #get: GetOutside;
	readonly #now: () => number;
	readonly #sets = new Map<string, Kept<JSONWebKeySet>>();
	readonly #certificates = new Map<string, Kept<X509Certificate>>();

	constructor(get: GetOutside, now: () => number = Date.now) {
		this.#get = get;
		this.#now = now;
	}

	/** The keys that an issuer's OpenID configuration leads to. `fresh` asks again, unless that was a moment ago. @throws SluiceError `webhook.keys_unreachable` */
	async tokenKeys(issuer: string, {fresh = false} = {}): Promise<JSONWebKeySet> {
		return await this.#kept(this.#sets, issuer, fresh, async () => {
			const about = await this.#json(`${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`);
			if (about.issuer !== issuer || typeof about.jwks_uri !== 'string') throw unreachable(issuer, 'it names no keys of this issuer');
			const {keys} = await this.#json(about.jwks_uri);
			if (!Array.isArray(keys)) throw unreachable(about.jwks_uri, 'it has no keys');
			return {keys: keys as JSONWebKeySet['keys']};
		});
	}

	/** The key of a certificate that is valid now. The caller has checked its address. @throws SluiceError `webhook.keys_unreachable` */
	async certificateKey(url: string, nowMs: number): Promise<KeyObject> {
		const certificate = await this.#kept(this.#certificates, url, false, async () => new X509Certificate(await this.#text(url)));
		const valid = Date.parse(certificate.validFrom) <= nowMs && nowMs <= Date.parse(certificate.validTo);
		if (!valid || certificate.publicKey.asymmetricKeyType !== 'rsa') throw unreachable(url, 'the certificate is not valid now');
		return certificate.publicKey;
	}

	async #kept<Value>(all: Map<string, Kept<Value>>, key: string, fresh: boolean, make: () => Promise<Value>): Promise<Value> {
		const now = this.#now();
		const kept = all.get(key);
		if (kept && now < kept.untilMs && !(fresh && now >= kept.againMs)) return await kept.value;
		const value = make().catch((cause: unknown) => {
			// What failed is not asked for with every request.
			all.set(key, {value, untilMs: this.#now() + againAfterMs, againMs: this.#now() + againAfterMs});
			throw cause instanceof SluiceError && cause.code === 'webhook.keys_unreachable' ? cause : unreachable(key, textOf(cause), cause);
		});
		all.delete(key);
		all.set(key, {value, untilMs: now + holdsMs, againMs: now + againAfterMs});
		for (const [oldest] of all) if (all.size > mostKept) all.delete(oldest);
		return await value;
	}

	async #json(url: string): Promise<Readonly<Record<string, unknown>>> {
		const value: unknown = JSON.parse(await this.#text(url));
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
	}

	async #text(url: string): Promise<string> {
		if (!url.startsWith('https://')) throw unreachable(url, 'keys are fetched with https alone');
		const {status, body} = await this.#get(url);
		if (status !== 200) throw unreachable(url, `it answered ${status}`);
		return body.toString('utf8');
	}
}

function unreachable(url: string, reason: string, cause?: unknown): SluiceError {
	return new SluiceError('webhook.keys_unreachable', `The keys that the request is checked with cannot be fetched: ${reason}`, {
		where: URL.canParse(url) ? new URL(url).origin : url,
		cause,
	});
}

function textOf(cause: unknown): string {
	return cause instanceof Error ? cause.message : String(cause);
}
