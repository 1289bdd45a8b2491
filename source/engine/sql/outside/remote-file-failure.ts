import type {Failure} from './failure.js';

/**
 * The engine's numbers for the errors that `s3()` and `url()` end with: 86 an HTTP status, 198 a name that is not found, 209 and 210 the network,
 * 483 redirects, 499 S3, 636 a structure that cannot be found out, 1000 to 1002 the library that connects. A text that data can make has another.
 */
const engineCodes: ReadonlySet<number | null> = new Set([86, 198, 209, 210, 483, 499, 636, 1000, 1001, 1002]);

const notFound: ReadonlySet<string> = new Set(['404', 'NoSuchKey', 'NoSuchBucket']);
const notAllowed: ReadonlySet<string> = new Set([
	'401',
	'403',
	'AccessDenied',
	'AllAccessDisabled',
	'AuthorizationHeaderMalformed',
	'ExpiredToken',
	'InvalidAccessKeyId',
	'InvalidToken',
	'SignatureDoesNotMatch',
]);

/** The texts of the network, in the order they are tried. */
const network: readonly (readonly [pattern: RegExp, code: 'source.certificate' | 'source.unreachable' | 'source.connection_lost'])[] = [
	[/certificate|Poco::Net::SSL|SSL_ERROR|SSL Exception/i, 'source.certificate'],
	[
		/Not found address of host|Host not found|Connection refused|No route to host|Network is unreachable|connect timed out/i,
		'source.unreachable',
	],
	[/HTTP response code: 18446744073709551615/, 'source.unreachable'],
	[/Malformed message|Unexpected EOF|Connection reset|Broken pipe|Poco::Net::|Poco::TimeoutException|Timeout/, 'source.connection_lost'],
];

const says = {
	'source.certificate': 'its certificate is not trusted',
	'source.unreachable': 'it does not answer',
	'source.connection_lost': 'the connection ended before all of it had arrived',
} as const;

const networkCures = {
	'source.certificate':
		'Let the server send a certificate that an authority known to this machine has signed, for the host in `url` of the secret.',
	'source.unreachable': 'Check `url` in the secret, and that its server can be reached from this machine. The next run asks again.',
	'source.connection_lost': 'Run it again; if it happens again, look into the log of the server.',
} as const;

/** The failure of a file on another server that the engine's text tells of; null where it tells of none. */
export function remoteFileFailure(engineCode: number | null, text: string): Failure | null {
	if (!engineCodes.has(engineCode)) return null;
	const object = objectIn(text);
	const answer = answerIn(text);
	const file = object === null ? 'The file at the address in the secret' : `The object ${object}`;
	const server = object === null ? 'The server of url()' : `The S3 server, asked for ${object},`;
	if (answer !== null && notFound.has(answer)) {
		return {
			code: 'source.not_found',
			message:
				object === null ? `The server has no file at the address in the secret (${answer})` : `There is no object ${object} (${answer})`,
			cure:
				object === null
					? 'Check `url` in the secret.'
					: 'Check bucket and key in `url` of the secret: https://HOST/BUCKET/KEY, upper and lower case as they are there.',
		};
	}
	if (/no files with provided path/.test(text)) {
		return {
			code: 'source.not_found',
			message: 'No object matches the pattern in the secret, or all of them are empty',
			cure: 'Check bucket and pattern in `url` of the secret.',
		};
	}
	if (answer !== null && notAllowed.has(answer)) {
		return {
			code: 'source.permission',
			message: `${server} does not allow it (${answer})`,
			cure:
				object === null
					? 'Check the credentials in the secret.'
					: 'Check `access_key_id` and `secret_access_key` in the secret, and that they may read the bucket.',
		};
	}
	if (/Too many redirects/.test(text)) {
		return {
			code: 'source.failed',
			message: `${server} sends to another address, which is not followed`,
			cure: 'Put the address that it leads to into `url` of the secret.',
		};
	}
	if (answer !== null) {
		const cure = 'The server fails: look into its log. The next run asks again.';
		return {code: 'source.failed', message: `${server} answers ${answer}`, cure};
	}
	const [, code] = network.find(([pattern]) => pattern.test(text)) ?? [];
	if (code !== undefined) return {code, message: `${file} cannot be read: ${says[code]}`, cure: networkCures[code]};
	if (engineCode !== 499) return null;
	return {code: 'source.failed', message: `${file} cannot be read: ${text.split(/: (?:\(|while|The table structure)/)[0]?.slice(0, 300)}`};
}

/** The object that is spoken of, with its bucket; null where the text names none. */
function objectIn(text: string): string | null {
	const read = /while reading '([\s\S]*?)' in bucket '([^']*)'/.exec(text);
	if (read !== null) return `"${read[1]}" in the bucket "${read[2]}"`;
	const listed = /list objects in bucket '([^']*)' with prefix '([\s\S]*?)', S3 exception/.exec(text);
	if (listed !== null) return `"${listed[2]}…" in the bucket "${listed[1]}"`;
	return null;
}

/** The status or the error code of an answer; null where none came. */
function answerIn(text: string): string | null {
	return (
		/HTTP (?:response|status) code: (\d{3})(?!\d)/.exec(text)?.[1] ??
		/S3 exception: `?(\w+)`?/.exec(text)?.[1] ??
		(/The specified key does not exist/.test(text) ? 'NoSuchKey' : null)
	);
}
