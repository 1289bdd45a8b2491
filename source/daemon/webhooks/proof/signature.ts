import {createHash, createHmac, timingSafeEqual, verify} from 'node:crypto';
import {SluiceError} from '../../../model/errors.js';
import {type SignedPart, signedParts} from '../../../model/signed-parts.js';
import type {Signature} from '../../../model/webhook-intake.js';
import {digest} from '../../secrets/bearer.js';
import {addressesOf} from './address.js';
import {type Claim, closed, type ProveBody, type Proven, Unproven} from './claim.js';
import {type SignatureSecret, signatureSecret} from './keys.js';
import {BodyValues, formText, headValue, isForm, valueIn} from './place.js';
import {elementsIn, type Found, type GivenSignature} from './template.js';
import {timeMs} from './time.js';

type NamedKey = {readonly name: string; readonly text: string; readonly key: SignatureSecret};

/** A signed request, as `signature` of a configuration says (SPEC 25). */
export function withSignature(signature: Signature, names: readonly string[], claim: Claim): ProveBody<Proven> {
	const parts = signedParts(signature.signed);
	const keys = keysOf(signature, names, parts, claim);
	const addresses = parts.some(({kind}) => kind === 'url') ? addressesOf(claim) : [''];
	if (addresses.length === 0) {
		throw new SluiceError('webhook.closed', 'The connector takes no requests: their address is signed, and the workspace does not say it', {
			cure: 'Set http.public_url in sluice.yaml.',
		});
	}
	const headGiven = 'body' in signature.in ? null : given(signature, headValue(signature.in, claim));
	const timeIsInHead = signature.timestamp !== null && !('body' in signature.timestamp);
	if (headGiven && signature.timestamp === null) checkTime(signature, headGiven.timestamp, claim);
	if (signature.timestamp && timeIsInHead) checkTime(signature, headValue(signature.timestamp, claim), claim);
	return async (body) => {
		const contentType = claim.header('content-type');
		const values = new BodyValues(body, contentType);
		const found = headGiven ?? given(signature, valueIn(signature.in, claim, values));
		const time = signature.timestamp ? valueIn(signature.timestamp, claim, values) : found.timestamp;
		checkTime(signature, time, claim);
		checkBodyDigest(parts, claim, body);
		let name: string | null = null;
		for (const address of addresses) {
			const texts = {claim, body, values, time: time ?? '', address};
			for (const {name: own, text, key} of keys) {
				const message = Buffer.concat(parts.map((part) => bytesOf(part, {...texts, secret: text})));
				if (found.signatures.some((one) => isRight(one, message, key, signature))) name ??= own;
			}
		}
		if (name === null)
			throw new Unproven('The signature is wrong', `No signature is right for ${named(signature)} of "${signature.signed}"`);
		return {name, signedId: null};
	};
}

function keysOf(signature: Signature, names: readonly string[], parts: readonly SignedPart[], {secret}: Claim): readonly NamedKey[] {
	// A digest without the secret is one that everybody can make.
	const unkeyed = signature.algorithm === 'sha256' && !parts.some(({kind}) => kind === 'secret');
	const keys = names.flatMap((name) => {
		const text = secret(name);
		const key = signatureSecret(text, signature);
		return text === null || key === null || unkeyed ? [] : [{name, text, key}];
	});
	if (keys.length === 0) throw closed();
	return keys;
}

function given(signature: Signature, value: string | null): Found {
	const where = placeText(signature.in);
	if (value === null || value === '') throw new Unproven('The request is not signed', `There is no ${where}`);
	const found = elementsIn(signature.format, value);
	if (found.signatures.length > 0) return found;
	throw new Unproven('The request is not signed', `${where} has no "${signature.format}"`);
}

/** @throws Unproven where a time is asked for, and it is missing, unreadable or too far off */
function checkTime({timestamp, format, tolerance}: Signature, text: string | null, {nowMs}: Claim): void {
	if (timestamp === null && !format.includes('{timestamp}')) return;
	const where = timestamp ? placeText(timestamp) : `{timestamp} of "${format}"`;
	if (text === null || text === '') throw new Unproven('The request says no time', `There is no ${where}`);
	const at = timeMs(text);
	if (at === null) throw new Unproven('Its time cannot be read', `${where} is neither seconds, milliseconds nor ISO 8601`);
	const offMs = nowMs - at;
	if (Math.abs(offMs) <= tolerance * 1000) return;
	const off = `${Math.round(Math.abs(offMs) / 1000)} s ${offMs > 0 ? 'old' : 'ahead'}`;
	throw new Unproven('Its time is too far off', `${where} is ${off}, and ${tolerance} s are allowed`);
}

/** Of a body that is no form, `{form}` signs nothing: its digest is in the query then, and with it in the signed address (Twilio). */
function checkBodyDigest(parts: readonly SignedPart[], {header, query}: Claim, body: Uint8Array): void {
	const kinds = new Set(parts.map(({kind}) => kind));
	if (!kinds.has('form') || kinds.has('body')) return;
	const told = kinds.has('url') ? new URLSearchParams(query).get('bodySHA256') : null;
	if (told === null) {
		if (body.length === 0 || isForm(header('content-type'))) return;
		throw new Unproven('The body is not signed', 'The body is no form, and the query has no bodySHA256');
	}
	// Of a form, the fields are signed themselves.
	if (isForm(header('content-type'))) return;
	if (!isSame(told.toLowerCase(), createHash('sha256').update(body).digest('hex'))) {
		throw new Unproven('The signature is wrong', 'bodySHA256 of the query is not that of the body');
	}
}

type Texts = {
	readonly claim: Claim;
	readonly body: Uint8Array;
	readonly values: BodyValues;
	readonly time: string;
	readonly address: string;
	readonly secret: string;
};

function bytesOf(part: SignedPart, {claim, body, values, time, address, secret}: Texts): Uint8Array {
	const {kind} = part;
	if (kind === 'body') return body;
	if (kind === 'form') return Buffer.from(isForm(claim.header('content-type')) ? formText(body) : '');
	// Node reads the bytes of a header as Latin-1.
	if (kind === 'header') return Buffer.from(claim.header(part.name) ?? '', 'latin1');
	const texts = {
		text: () => ('text' in part ? part.text : ''),
		timestamp: () => time,
		id: () => (claim.idPlace ? valueIn(claim.idPlace, claim, values) : null),
		method: () => claim.method,
		url: () => address,
		secret: () => secret,
		query: () => ('name' in part ? headValue({query: part.name}, claim) : null),
		value: () => ('name' in part ? values.at(part.name)[0] : null),
	} as const;
	return Buffer.from(texts[kind]() ?? '', 'utf8');
}

const hashes = {'hmac-sha1': 'sha1', 'hmac-sha256': 'sha256', 'hmac-sha512': 'sha512'} as const;

function isRight({text, encoding}: GivenSignature, message: Buffer, secret: SignatureSecret, {algorithm}: Signature): boolean {
	if (secret.kind === 'public') return isSigned(Buffer.from(text, encoding), message, secret, algorithm);
	if (algorithm === 'ecdsa-sha256' || algorithm === 'ed25519' || algorithm === 'rsa-sha256') return false;
	const hash = algorithm === 'sha256' ? createHash('sha256') : createHmac(hashes[algorithm], secret.bytes);
	const right = hash.update(message).digest(encoding);
	return encoding === 'hex' ? isSame(text.toLowerCase(), right) : isSame(bare(text), bare(right));
}

function isSigned(
	signature: Buffer,
	message: Buffer,
	{key}: Extract<SignatureSecret, {kind: 'public'}>,
	algorithm: Signature['algorithm'],
): boolean {
	if (algorithm !== 'ecdsa-sha256') return verify(algorithm === 'ed25519' ? null : 'sha256', message, key, signature);
	// As ASN.1, or, as JSON Web Signatures have it, both numbers one after the other.
	return (['der', 'ieee-p1363'] as const).some((dsaEncoding) => verify('sha256', message, {key, dsaEncoding}, signature));
}

/** In constant time, whatever their lengths. */
function isSame(a: string, b: string): boolean {
	return timingSafeEqual(digest(a), digest(b));
}

/** Base64 of either alphabet, without its padding. */
function bare(base64: string): string {
	return base64.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
}

function named({algorithm, in: place}: Signature): string {
	return `${placeText(place)}, ${algorithm}`;
}

function placeText(place: Signature['in']): string {
	if ('header' in place) return `header ${place.header}`;
	return 'query' in place ? `query parameter ${place.query}` : `${place.body} in the body`;
}
