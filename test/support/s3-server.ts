import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

/** What the server answers in place of an object: a status with S3's error code, or nothing at all. */
export type Trouble = {readonly status: number; readonly code: string} | 'silence' | null;

/** A server that speaks as much of S3 as reading takes, with paths of the form `/bucket/key`. */
export type S3Server = {
	/** The address of a key, as a person writes it. */
	readonly address: (key: string) => string;
	/** Requests so far, such as `HEAD /shop/a.csv`. */
	readonly asked: string[];
	trouble: Trouble;
	readonly stop: () => Promise<void>;
};

/** @param objects by key, in the bucket `shop` */
export async function startS3(objects: Readonly<Record<string, string>>): Promise<S3Server> {
	const asked: string[] = [];
	const server = createServer((request, response) => {
		asked.push(`${request.method} ${request.url}`);
		if (state.trouble === 'silence') return;
		if (state.trouble !== null) answerError(request, response, state.trouble);
		else answer(request, response, objects);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const {port} = server.address() as AddressInfo;
	const state: S3Server = {
		address: (key) => `http://127.0.0.1:${port}/shop/${key}`,
		asked,
		trouble: null,
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
	return state;
}

function answer(request: IncomingMessage, response: ServerResponse, objects: Readonly<Record<string, string>>): void {
	const {pathname, searchParams} = new URL(request.url ?? '/', 'http://s3');
	const [, bucket, ...rest] = pathname.split('/').map(decodeURIComponent);
	const body = objects[rest.join('/')];
	if (bucket !== 'shop') answerError(request, response, {status: 404, code: 'NoSuchBucket'});
	else if (searchParams.has('list-type')) answerList(response, objects, searchParams.get('prefix') ?? '');
	else if (body === undefined) answerError(request, response, {status: 404, code: 'NoSuchKey'});
	else answerObject(request, response, body);
}

function answerObject(request: IncomingMessage, response: ServerResponse, body: string): void {
	const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
	const part = Buffer.from(body).subarray(Number(from), to === '' ? undefined : Number(to) + 1);
	response.writeHead(request.headers.range === undefined ? 200 : 206, {
		'content-length': part.length,
		'last-modified': new Date(0).toUTCString(),
		etag: '"1"',
	});
	response.end(request.method === 'HEAD' ? '' : part);
}

function answerList(response: ServerResponse, objects: Readonly<Record<string, string>>, prefix: string): void {
	const found = Object.entries(objects).filter(([key]) => key.startsWith(prefix));
	const contents = found.map(
		([key, body]) =>
			`<Contents><Key>${key}</Key><LastModified>2024-01-01T00:00:00.000Z</LastModified><ETag>"1"</ETag><Size>${Buffer.byteLength(body)}</Size></Contents>`,
	);
	response.writeHead(200, {'content-type': 'application/xml'});
	response.end(
		`<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated><KeyCount>${found.length}</KeyCount>${contents.join('')}</ListBucketResult>`,
	);
}

function answerError({method}: IncomingMessage, response: ServerResponse, {status, code}: Exclude<Trouble, string | null>): void {
	response.writeHead(status, {'content-type': 'application/xml'});
	response.end(method === 'HEAD' ? '' : `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code} was said</Message></Error>`);
}
