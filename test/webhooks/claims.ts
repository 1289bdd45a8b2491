import type {Claim} from '../../source/daemon/webhooks/proof/claim.js';

type Given = Partial<Omit<Claim, 'header' | 'secret'>> & {
	readonly headers?: Readonly<Record<string, string>>;
	readonly secrets?: Readonly<Record<string, string>>;
};

/** What a request to the connector `hooks` says of itself, with headers in small letters. Keys of others cannot be fetched. */
export function claimOf({headers = {}, secrets = {}, ...more}: Given): Claim {
	const offline = async (): Promise<never> => {
		throw new Error('no key is published');
	};
	return {
		method: 'POST',
		connector: 'hooks',
		publicUrl: null,
		query: '',
		header: (name) => headers[name],
		idPlace: null,
		secret: (name) => secrets[name] ?? null,
		keys: {tokenKeys: offline, certificateKey: offline},
		nowMs: 0,
		...more,
	};
}
