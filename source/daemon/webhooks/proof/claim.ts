import {SluiceError} from '../../../model/errors.js';
import type {RequestPlace} from '../../../model/webhook-intake.js';
import type {PublicKeys} from './public-keys.js';

/** What a request says of itself before its body is read, and what it is checked with. */
export type Claim = {
	readonly method: string;
	/** The `api_name` of the connector. */
	readonly connector: string;
	/** `http.public_url` of the workspace; null where it is not set. */
	readonly publicUrl: string | null;
	/** The query string as it was sent, without its `?`. */
	readonly query: string;
	/** The first value of a header, by its name in small letters. */
	header(name: string): string | undefined;
	/** Where the id of the request is (`webhook.id`). */
	readonly idPlace: RequestPlace | null;
	/** A secret's text; null where it is not set. */
	secret(name: string): string | null;
	/** Keys that others publish. */
	readonly keys: Pick<PublicKeys, 'tokenKeys' | 'certificateKey'>;
	readonly nowMs: number;
};

export type Caller = {
	/** What is written as `employee_id`: the name of the secret, the user, or the e-mail or subject of a token. */
	readonly name: string;
	/** The id that it signed (Standard Webhooks); null where nothing was signed. */
	readonly signedId: string | null;
	/** The query parameters that callers prove themselves with: they are cut from what is stored. */
	readonly provenQuery: readonly string[];
};

/** What one kind of proof finds out: `Caller` without what depends on the other proofs. */
export type Proven = Omit<Caller, 'provenQuery'>;

/** Proves the body, once it is read. @throws Unproven; SluiceError `webhook.keys_unreachable` */
export type ProveBody<Found = Caller> = (body: Uint8Array) => Promise<Found>;

/** A refusal. Its reason is for the log of the workspace: the caller has proved nothing, and does not hear it. */
export class Unproven extends SluiceError {
	constructor(
		message: string,
		readonly reason: string = message,
	) {
		super('webhook.unauthorised', message);
	}
}

/** It names no secret, because the caller has proved nothing yet. `sluice validate` names it. */
export function closed(): SluiceError {
	return new SluiceError('webhook.closed', 'The connector takes no requests: the secret it checks them with is not set, or holds no key');
}
