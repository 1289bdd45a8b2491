import {createPublicKey, type KeyObject} from 'node:crypto';
import type {Signature} from '../../../model/webhook-intake.js';
import {signingKey} from '../../outgoing/signature.js';
import {setText} from '../../secrets/set-text.js';

/** What a signature is checked with: the bytes of a shared secret, or a public key. */
export type SignatureSecret = {readonly kind: 'shared'; readonly bytes: Buffer} | {readonly kind: 'public'; readonly key: KeyObject};

/** The first bytes of an Ed25519 key in SPKI, before the 32 of the key itself. */
const ed25519Head = Buffer.from('302a300506032b6570032100', 'hex');

/** The key that a secret holds; null where it is unset, or holds none in the form that is said. */
export function signatureSecret(secret: string | null, {algorithm, key}: Pick<Signature, 'algorithm' | 'key'>): SignatureSecret | null {
	const text = setText(secret);
	if (text === null) return null;
	if (algorithm === 'ecdsa-sha256' || algorithm === 'ed25519' || algorithm === 'rsa-sha256') {
		const found = publicKey(text.trim(), algorithm);
		return found && {kind: 'public', key: found};
	}
	const bytes = sharedKey(text, key);
	return bytes === null || bytes.length === 0 ? null : {kind: 'shared', bytes};
}

function sharedKey(text: string, key: Signature['key']): Buffer | null {
	if (key === 'text') return Buffer.from(text, 'utf8');
	if (key === 'hex') return fromHex(text.trim());
	return key === 'base64' ? fromBase64(text.trim()) : signingKey(text.includes('whsec_') ? text : `whsec_${text.trim()}`);
}

const types = {'ecdsa-sha256': 'ec', ed25519: 'ed25519', 'rsa-sha256': 'rsa'} as const;

/** PEM, or the same without its lines in Base64; for Ed25519 also the 32 bytes in hexadecimal or Base64, as `whpk_` too. */
function publicKey(text: string, algorithm: keyof typeof types): KeyObject | null {
	try {
		const key = text.startsWith('-----BEGIN') ? createPublicKey(text) : createPublicKey({key: spki(text), format: 'der', type: 'spki'});
		return key.asymmetricKeyType === types[algorithm] ? key : null;
	} catch {
		// Not a key: told as one that is missing.
		return null;
	}
}

function spki(text: string): Buffer {
	const bytes = fromHex(text) ?? fromBase64(text.replace(/^whpk_/, '').replace(/\s+/g, '')) ?? Buffer.alloc(0);
	return bytes.length === 32 ? Buffer.concat([ed25519Head, bytes]) : bytes;
}

function fromHex(text: string): Buffer | null {
	return /^(?:[0-9a-fA-F]{2})+$/.test(text) ? Buffer.from(text, 'hex') : null;
}

/** What strict Base64 stands for, with its padding or without. */
function fromBase64(text: string): Buffer | null {
	const bytes = Buffer.from(text, 'base64');
	return bytes.length > 0 && bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '') ? bytes : null;
}
