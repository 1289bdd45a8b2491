import {createHash, timingSafeEqual} from 'node:crypto';
import {setText} from './set-text.js';

/** The token of an `Authorization` header; null where there is none. The scheme is read in any case (RFC 9110, 11.1). */
export function bearerToken(authorization: string | undefined): string | null {
	return setText(/^Bearer +(.+)$/i.exec(authorization ?? '')?.[1]?.trim());
}

/**
 * Whether a caller gave the secret. An unset secret equals nothing: the digests of two empty texts are equal.
 * Digests are compared in constant time, so that neither the time nor the length tells how close a guess came.
 */
export function isSecret(given: string | null, secret: string | null): boolean {
	const [theirs, ours] = [setText(given), setText(secret)];
	return theirs !== null && ours !== null && timingSafeEqual(digest(theirs), digest(ours));
}

/** 32 bytes for a text of any length. */
export function digest(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}
