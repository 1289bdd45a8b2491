import type {ErrorMeaning} from './meaning.js';

export const webhookErrors = {
	'webhook.unknown': {
		meaning: 'No webhook connector has this name, or the listener serves no such path.',
		cure: 'Send requests to /hooks/ and the api_name of a connector of the type webhook.',
	},
	'webhook.method': {meaning: 'Webhooks are sent with POST or GET.', cure: 'Send it with POST.'},
	'webhook.unauthorised': {
		meaning: 'The request does not prove who sent it: the token or signature is missing or wrong, or its time is too far off.',
		cure: 'Send the token, or sign the request, as `webhook.auth` of the connector says.',
	},
	'webhook.closed': {
		meaning:
			'The connector takes no requests as it stands: it names no authentication, a secret is not set, or its configuration has problems.',
		cure: 'Set what `sluice validate` names; the sender tries again.',
	},
	'webhook.keys_unreachable': {
		meaning:
			'The public keys that a request is checked with cannot be fetched: those of the issuer of a token, or a certificate of Amazon SNS.',
		cure: 'The sender tries again. See that this machine reaches the address, and `http.proxy` and `http.allow_hosts` in sluice.yaml.',
	},
	'webhook.no_public_url': {
		meaning: 'The sender signs the address that it sends to, and the workspace does not say that address.',
		cure: 'Set http.public_url in sluice.yaml to the address that the sender knows, before /hooks/.',
	},
	'webhook.secret_missing': {
		meaning: 'A secret that requests are checked with is not set.',
		cure: 'Set it with `sluice secret set NAME`.',
	},
	'webhook.no_key': {
		meaning: 'A secret that webhooks are signed with holds no key: `whsec_` must be followed by strict Base64 of at least one byte.',
		cure: 'Copy the key as its owner shows it, and set it with `sluice secret set NAME`.',
	},
	'webhook.aborted': {meaning: 'The sender of a request went away before its body had arrived.', cure: 'Send it again.'},
	'webhook.too_large': {
		meaning: 'The body of a request is larger than 256 KiB, as it is sent or unpacked.',
		cure: 'Send less at once, or the address of a file.',
	},
	'webhook.query_too_long': {meaning: 'The query string of a request is longer than 4 KiB.', cure: 'Send it as the body of a POST.'},
	'webhook.not_text': {
		meaning: 'The body of a request is not text in the encoding it is said to be in.',
		cure: 'Send UTF-8, or name the charset in Content-Type.',
	},
	'webhook.encoding': {
		meaning: 'The body of a request has a Content-Encoding that is not read, or is not packed as that says.',
		cure: 'Send it with Content-Encoding: gzip or deflate, or without.',
	},
	'webhook.key_invalid': {
		meaning: 'An idempotency key is empty or longer than 255 characters.',
		cure: 'Use a short unique key, such as a UUID.',
	},
	'webhook.key_reused': {
		meaning: 'Another request was accepted under the same idempotency key in the last seven days.',
		cure: 'Use a new key for each request, and the same one only for its retries.',
	},
	'webhook.full': {
		meaning: 'The window has gathered as much as an input file may hold.',
		cure: 'Send it again in the next window; see `limits.max_input_bytes` and `webhook.cadence`.',
	},
	'webhook.busy': {
		meaning: 'The bodies of all webhook requests that are being read hold 256 MB together.',
		cure: 'Send it again after the time that `Retry-After` says.',
	},
	'webhook.echo': {
		meaning: 'A handshake asks for an echo that is longer than 1 KiB, or is not printable text.',
		cure: 'See what the sender sends, and `webhook.handshake`.',
	},
	'webhook.not_confirmed': {
		meaning: 'The subscription of a topic could not be confirmed at the address that Amazon SNS named.',
		cure: 'Ask SNS to send the confirmation again; see `sluice doctor` for the network.',
	},
	'webhook.not_kept': {meaning: 'A request could not be written to disk.', cure: 'Send it again; see `sluice doctor`.'},
	'webhook.listener_off': {
		meaning: 'Webhooks are not taken in: the listener is off.',
		cure: 'Turn it on in sluice.yaml: http: {listen: "127.0.0.1:7420"}.',
	},
	'webhook.listener_failed': {
		meaning: 'The address that webhooks are taken in at cannot be listened on.',
		cure: 'Free the port, or name another address as http.listen in sluice.yaml; it is tried again every few seconds.',
	},
	'webhook.refused': {meaning: 'The listener refused the sample request.', cure: 'See what it answered.'},
} as const satisfies Record<string, ErrorMeaning>;
