import {signedParts} from '../../model/signed-parts.js';
import type {WebhookInput} from '../schema/webhook-schema.js';
import type {Report} from '../shape/report.js';

type SignatureInput = NonNullable<NonNullable<WebhookInput['auth']>['signature']>;

const at = (key: string) => ['webhook', 'auth', 'signature', key];

/** What a general signature says of itself and cannot be (SPEC 25). */
export function checkSignature({format, signed, timestamp, algorithm, key}: SignatureInput, hasId: boolean, report: Report): void {
	const parts = signedParts(signed, (braces) =>
		report.at(at('signed'), {
			code: 'workspace.unknown_name',
			message: `"${braces}" stands for nothing in what is signed`,
			expected: '{body}, {timestamp}, {id}, {method}, {url}, {form}, {secret}, {header:NAME}, {query:NAME}, {body:PATH}',
		}),
	);
	const kinds = new Set(parts.map(({kind}) => kind));
	if (!/\{(hex|base64)\}/.test(format)) {
		report.at(at('format'), {
			code: 'workspace.wrong_value',
			message: '"format" does not say where the signature is',
			expected: '{hex} or {base64} in literal text, such as sha256={hex}',
		});
	}
	if (kinds.has('timestamp') && !timestamp && !format.includes('{timestamp}')) {
		report.at(at('signed'), {
			code: 'workspace.contradiction',
			message: '"{timestamp}" is signed, but neither format nor timestamp says where it stands',
			expected: 'timestamp: {header: NAME}, or {timestamp} in format',
		});
	}
	if (kinds.has('id') && !hasId) {
		report.at(at('signed'), {
			code: 'workspace.contradiction',
			message: '"{id}" is signed, but "id" of the webhook does not say where it is',
			expected: 'id: {header: NAME}',
		});
	}
	if (algorithm === 'sha256' && !kinds.has('secret')) {
		report.at(at('signed'), {
			code: 'workspace.contradiction',
			message: 'A digest (sha256) without {secret} in "signed" is one that everybody can make',
			expected: '{secret} in signed, or algorithm: hmac-sha256',
		});
	}
	if (key !== 'text' && ['ecdsa-sha256', 'ed25519', 'rsa-sha256'].includes(algorithm)) {
		report.at(at('key'), {
			code: 'workspace.contradiction',
			message: `The key of ${algorithm} is a public one, and "key" says nothing of it`,
			expected: 'no key: the secret holds PEM or Base64',
		});
	}
}
