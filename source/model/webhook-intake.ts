import type {WebhookSenderName} from './webhook-sender-names.js';

/** Where a value of a request is. `body` is the path of a member, such as `data.event_id`. */
export type RequestPlace = {readonly header: string} | {readonly query: string} | {readonly body: string};

export const signatureAlgorithms = ['hmac-sha1', 'hmac-sha256', 'hmac-sha512', 'sha256', 'ecdsa-sha256', 'ed25519', 'rsa-sha256'] as const;

export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

/** How the text of a secret holds the key. */
export const signatureKeys = ['text', 'base64', 'hex', 'whsec'] as const;

export type SignatureKey = (typeof signatureKeys)[number];

/** A signed request (SPEC 25). */
export type Signature = {
	/** Where the signature is. */
	readonly in: RequestPlace;
	/** Literal text with `{hex}` or `{base64}`, and `{timestamp}` where the time is beside the signature. */
	readonly format: string;
	/** The text that is signed, with what stands for parts of the request in braces. */
	readonly signed: string;
	readonly algorithm: SignatureAlgorithm;
	readonly key: SignatureKey;
	/** Where the time is; null where the format holds it, or no time is signed. */
	readonly timestamp: RequestPlace | null;
	/** How far the time may be off, in seconds. */
	readonly tolerance: number;
};

/** One way in which a caller proves itself. `secrets` are names, the new one first: any of them suffices. */
export type Proof =
	| {readonly kind: 'bearer'; readonly secrets: readonly string[]}
	| {readonly kind: 'basic'; readonly user: string; readonly secrets: readonly string[]}
	/** A token at a place: a header, a query parameter, or, where a sender has it so, the body. */
	| {readonly kind: 'token'; readonly at: RequestPlace; readonly secrets: readonly string[]}
	/** Standard Webhooks, with `webhook-*` or `svix-*` headers. */
	| {readonly kind: 'hmac'; readonly secrets: readonly string[]}
	| {readonly kind: 'signature'; readonly signature: Signature; readonly secrets: readonly string[]}
	| {readonly kind: 'jwt'; readonly issuer: string; readonly audience: string; readonly claims: Readonly<Record<string, string>>}
	/** Amazon SNS, for one topic. */
	| {readonly kind: 'sns'; readonly topic: string};

export type WebhookAuth = {
	/** The sender that the configuration names; null for a general form. */
	readonly sender: WebhookSenderName | null;
	/** In which ways a caller may prove itself; the first one that a request has something for is the one that counts. */
	readonly proofs: readonly Proof[];
};

export type WebhookAnswer = {readonly status: number; readonly type: string; readonly body: string};

/** A request that is answered and never kept: what is echoed, and what it has to show where it is not signed. */
export type Handshake = {readonly answer: string; readonly token: {readonly at: RequestPlace; readonly secrets: readonly string[]} | null};

/** The largest body where the configuration says none. */
export const defaultMaxBodyBytes = 256 * 1024;

/** How requests of a webhook connector are taken in, with what a named sender brings filled in. */
export type WebhookIntake = {
	readonly cadenceSeconds: number;
	/** Null where the configuration does not say it: every request is refused. */
	readonly auth: WebhookAuth | null;
	/** Where the id of a request is, by which it counts once. Absent in the snapshot of an execution of an older version, as what follows. */
	readonly id?: RequestPlace | null;
	/** Headers that are kept beside `content-type`, in small letters. */
	readonly headers?: readonly string[];
	/** What of a body is a row: `value`, `array`, `lines`, or the path of an array. */
	readonly events?: string;
	readonly maxBodyBytes?: number;
	/** Null: 201 with the id. */
	readonly answer?: WebhookAnswer | null;
	readonly handshake?: Handshake | null;
};

/** The names of all secrets that requests are checked with. */
export function webhookSecrets({auth, handshake}: Pick<WebhookIntake, 'auth' | 'handshake'>): readonly string[] {
	const names = (auth?.proofs ?? []).flatMap((proof) => ('secrets' in proof ? proof.secrets : []));
	return [...new Set([...names, ...(handshake?.token?.secrets ?? [])])];
}
