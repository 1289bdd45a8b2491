import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {brotliCompressSync, deflateRawSync, deflateSync, gzipSync} from 'node:zlib';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {directNetwork} from '../../source/daemon/outgoing/network.js';
import {sendOutside} from '../../source/daemon/outgoing/request.js';
import {retryAfterMs} from '../../source/daemon/outgoing/retry-after.js';
import {dispositionName} from '../../source/daemon/source/url/disposition.js';
import {askAgain} from '../../source/daemon/source/url/retry.js';
import {fetchUrl, type UrlSource} from '../../source/daemon/source/url-source.js';
import {defaultLimits} from '../../source/model/limits.js';

const csv = 'email\na@x\n';
type Asked = {readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: string};

let server: Server;
let origin: string;
let scratch: string;
let asked: Asked[];
let answer: (request: Asked, response: ServerResponse) => void;

beforeEach(async () => {
	asked = [];
	scratch = mkdtempSync(join(tmpdir(), 'sluice-url-'));
	server = createServer(async (request: IncomingMessage, response) => {
		let body = '';
		for await (const part of request) body += String(part);
		const one = {method: request.method ?? '', url: request.url ?? '', headers: request.headers, body};
		asked.push(one);
		answer(one, response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
	server.closeAllConnections();
	server.close();
	rmSync(scratch, {recursive: true, force: true});
});

const vault = {read: (name: string) => ({pw: 'geh:eim', id: 'me', key: 'k/1'})[name] ?? null};

function fetchFrom(path: string, more: Partial<UrlSource> = {}, before: string | null = null, maxInputBytes = 1_000_000) {
	const source: UrlSource = {url: `${origin}${path}`, headers: {}, freshness: null, retention: null, ...more};
	rmSync(join(scratch, 'rows'), {force: true});
	return fetchUrl(source, before, {
		vault,
		limits: {...defaultLimits, maxInputBytes},
		allowHosts: ['127.0.0.1'],
		network: directNetwork,
		scratch,
	});
}

/** The name and the content of what a look brought. */
async function taken(...parts: Parameters<typeof fetchFrom>): Promise<readonly [name: string, content: string]> {
	const look = await fetchFrom(...parts);
	if (!look.changed) throw new Error('nothing changed');
	return [look.input.name, readFileSync(look.input.path, 'latin1')];
}

test.each([
	['gzip', gzipSync(csv)],
	['br', brotliCompressSync(csv)],
	['deflate', deflateSync(csv)],
	['deflate', deflateRawSync(csv)],
	['x-gzip, BR', brotliCompressSync(gzipSync(csv))],
])('an answer packed as %s is unpacked', async (encoding, bytes) => {
	answer = (_, response) => response.writeHead(200, {'Content-Encoding': encoding, 'Content-Type': 'text/csv'}).end(bytes);
	expect(await taken('/x.csv')).toEqual(['x.csv', csv]);
});

test('what an answer unpacks to is bounded, and one that is not of its coding is refused', async () => {
	answer = (_, response) => response.writeHead(200, {'Content-Encoding': 'br'}).end(brotliCompressSync(Buffer.alloc(2_000_000, 'a')));
	await expect(fetchFrom('/x.csv')).rejects.toMatchObject({message: 'The answer is larger than 1000000 bytes'});
	answer = (_, response) => response.writeHead(200, {'Content-Encoding': 'gzip'}).end(gzipSync(csv).subarray(0, 15));
	await expect(fetchFrom('/x.csv')).rejects.toMatchObject({
		message: 'The answer says that it is packed as gzip, and is not, or is cut off',
	});
	answer = (_, response) => response.writeHead(200, {'Content-Encoding': 'zstd'}).end('x');
	await expect(fetchFrom('/x.csv')).rejects.toMatchObject({message: 'The answer is packed as "zstd", which is not read'});
});

test.each([
	['gzip under the name of a CSV', '/x.csv', {}, gzipSync(csv), 'x.csv.gz'],
	['a name from the header', '/download?id=7', {'Content-Disposition': 'attachment; filename="orders 7.csv"'}, csv, 'orders 7.csv'],
	['an extended name first', '/d', {'Content-Disposition': "attachment; filename=a.csv; filename*=UTF-8''caf%C3%A9.csv"}, csv, 'café.csv'],
	['JSON of no name', '/api/rows', {'Content-Type': 'application/json'}, '[{"email":"a@x"}]', 'rows.json'],
	['JSON under an address of .csv', '/x.csv', {'Content-Type': 'application/json'}, '[{"email":"a@x"}]', 'x.json'],
	['JSON of no type', '/rows', {}, '[{"email":"a@x"}]', 'rows.json'],
	['lines of JSON', '/rows', {'Content-Type': 'application/x-ndjson'}, '{"a":1}\n{"a":2}\n', 'rows.jsonl'],
	['a CSV that begins with a brace', '/x.csv', {'Content-Type': 'text/csv'}, '{a},b\n1,2\n', 'x.csv'],
	['a CSV of columns in angle brackets', '/x.csv', {'Content-Type': 'text/csv'}, '<DATE>\t<NOTE>\n1\t<b>x</b>\n', 'x.csv'],
	['a Parquet file under the name of a CSV', '/x.csv', {}, 'PAR1....', 'x.parquet'],
])('the kind and the name of %s', async (_, path, headers, content, name) => {
	answer = (_request, response) => response.writeHead(200, headers).end(content);
	expect((await taken(path))[0]).toBe(name);
});

test.each([
	[
		'a login page',
		'text/html',
		'<!DOCTYPE html><html><title>Log in</title>',
		/^The source answered with a web page, such as one to log in/,
	],
	['a login page called CSV', 'text/csv', '\uFEFF\n<html><body>', /^The source answered with a web page/],
	[
		'an XML error called CSV',
		'text/csv',
		'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
		/^The source answered with XML.*AccessDenied/,
	],
	['an XML error without its declaration', 'text/csv', '<Error><Code>AccessDenied</Code></Error>', /^The source answered with XML/],
	['an error called CSV', 'text/csv', '{"error":"quota"}', /^The source answered with JSON, and calls it text\/csv.*quota/],
	['an error as JSON', 'application/json', '{"error":{"code":429}}', /^The source answered with an error, not with data/],
])('%s is refused as that', async (_, type, content, message) => {
	answer = (_request, response) => response.writeHead(200, {'Content-Type': type}).end(content);
	await expect(fetchFrom('/x.csv')).rejects.toMatchObject({code: 'source.failed', message: expect.stringMatching(message)});
});

test('the rows of a JSON envelope are taken byte for byte', async () => {
	const rows = '[{"id": 12345678901234567890, "t": "a]\\"}"}, {"id": 1.10}]';
	answer = (_, response) =>
		response.writeHead(200, {'Content-Type': 'application/json'}).end(`{"meta": {"data": [0]}, "data": {"it/ems": [1, ${rows}]}, "x": []}`);
	expect(await taken('/api', {rows: '/data/it~1ems/1'})).toEqual(['api.json', rows]);
	await expect(fetchFrom('/api', {rows: '/rows'})).rejects.toMatchObject({message: 'The answer holds no list of rows at /rows'});
});

test('an answer that passes is asked for again within the run, after the pause that it names', async () => {
	const statuses = [429, 503, 502];
	answer = (_, response) => {
		const status = statuses.shift();
		if (status === undefined) response.writeHead(200).end(csv);
		else response.writeHead(status, {'Retry-After': '0'}).end();
	};
	expect((await taken('/x.csv'))[1]).toBe(csv);
	expect(asked).toHaveLength(4);
	statuses.push(429, 429, 429, 429, 429, 429);
	await expect(fetchFrom('/x.csv')).rejects.toMatchObject({message: 'The source answered 429'});
	expect(asked).toHaveLength(9);
	statuses.length = 0;
	statuses.push(404);
	await expect(fetchFrom('/x.csv')).rejects.toMatchObject({message: 'The source answered 404'});
	expect(asked).toHaveLength(10);
});

test('a connection that breaks is made again, and pauses grow where the server names none', async () => {
	answer = (_, response) => response.destroy();
	const pauses: number[] = [];
	const ask = () => sendOutside({url: `${origin}/x`, method: 'GET', headers: {}, allowHosts: ['127.0.0.1']});
	await expect(askAgain(ask, {wait: async (ms) => void pauses.push(ms)})).rejects.toMatchObject({
		code: 'outgoing.failed',
		message: expect.stringContaining('(tried 5 times)'),
	});
	expect(pauses).toEqual([1000, 2000, 4000, 8000]);
	const late = {status: 429, headers: {'retry-after': '601'}, body: Buffer.alloc(0)};
	expect(await askAgain(async () => late, {wait: async (ms) => void pauses.push(ms)})).toBe(late);
	expect(pauses).toHaveLength(4);
	const stopping = new AbortController();
	const waits = askAgain(async () => ({...late, headers: {'retry-after': '60'}}), {stopping: stopping.signal});
	stopping.abort();
	await expect(waits).rejects.toMatchObject({code: 'daemon.stopping'});
	expect(retryAfterMs('Wed, 21 Oct 2026 07:28:10 GMT', new Date('2026-10-21T07:28:00Z'))).toBe(10_000);
});

test('basic credentials and a POST with a body', async () => {
	answer = (_, response) => response.writeHead(200).end(csv);
	const auth = {basic: {user: 'me', password: '${secret:pw}'}};
	await taken('/x.csv', {auth, method: 'POST', body: '{"key": "${secret:key}"}'});
	expect(asked[0]).toMatchObject({method: 'POST', body: '{"key": "k/1"}'});
	expect(asked[0]?.headers).toMatchObject({
		authorization: `Basic ${Buffer.from('me:geh:eim').toString('base64')}`,
		'content-type': 'application/json',
	});
});

test('OAuth 2.0 client credentials: the token is kept until it expires, and asked for anew where it is refused', async () => {
	let number = 0;
	let valid = 'Bearer t1';
	answer = ({url, headers}, response) => {
		if (url === '/token')
			response.writeHead(200).end(JSON.stringify({access_token: `t${++number}`, token_type: 'Bearer', expires_in: 3600}));
		else response.writeHead(headers.authorization === valid ? 200 : 401).end(csv);
	};
	const oauth2 = {tokenUrl: `${origin}/token`, clientId: '${secret:id}', clientSecret: '${secret:pw}', scope: 'read'};
	for (let look = 0; look < 3; look++) await taken('/x.csv', {auth: {oauth2}});
	expect(asked.map(({url}) => url)).toEqual(['/token', '/x.csv', '/x.csv', '/x.csv']);
	expect(asked[0]?.body).toBe('grant_type=client_credentials&scope=read');
	expect(asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:geh%3Aeim').toString('base64')}`);
	valid = 'Bearer t2';
	await taken('/x.csv', {auth: {oauth2}});
	expect(asked.slice(4).map(({url}) => url)).toEqual(['/x.csv', '/token', '/x.csv']);
});

test('a token server that gives no token is named, and what it repeats is not', async () => {
	answer = (_, response) => response.writeHead(401).end('{"error":"invalid_client","error_description":"geh:eim is wrong"}');
	const oauth2 = {tokenUrl: `${origin}/token`, clientId: 'other', clientSecret: '${secret:pw}', scope: null};
	const refused = await fetchFrom('/x.csv', {auth: {oauth2}}).catch((thrown: unknown) => thrown);
	expect(refused).toMatchObject({
		code: 'source.failed',
		message: 'The token server answered 401 without a bearer token: invalid_client',
	});
	expect(JSON.stringify(refused)).not.toContain('geh:eim');
});

test('a weak tag and a strong one of the same text are the same content', async () => {
	answer = (_, response) => response.writeHead(200, {ETag: asked.length % 2 === 1 ? '"1"' : 'W/"1"'}).end(csv);
	const first = await fetchFrom('/x.csv', {freshness: 'etag'});
	if (!first.changed) throw new Error('nothing changed');
	for (let look = 0; look < 2; look++) expect(await fetchFrom('/x.csv', {freshness: 'etag'}, first.mark)).toEqual({changed: false});
	answer = (_, response) => response.writeHead(200, {ETag: 'W/"2"'}).end(csv);
	expect(await fetchFrom('/x.csv', {freshness: 'etag'}, first.mark)).toMatchObject({changed: true});
});

test('every address of a host is tried, and one that may not be reached refuses them all', async () => {
	answer = (_, response) => response.writeHead(200).end(csv);
	const {port} = server.address() as AddressInfo;
	const ask = (resolve: () => Promise<{address: string; family: number}[]>, allowHosts: string[]) =>
		sendOutside({url: `http://many.example:${port}/x`, method: 'GET', headers: {}, allowHosts, resolve});
	const both = async () => [
		{address: '127.0.0.9', family: 4},
		{address: '127.0.0.1', family: 4},
	];
	expect((await ask(both, ['many.example'])).status).toBe(200);
	await expect(ask(async () => [{address: '8.8.8.8', family: 4}, ...(await both())], [])).rejects.toMatchObject({code: 'outgoing.refused'});
});

test.each([
	['attachment; filename="../../etc/x.csv"', 'x.csv'],
	['attachment; filename=C:\\temp\\x.csv', 'x.csv'],
	["attachment; filename*=ISO-8859-1''caf%E9.csv", 'café.csv'],
	["attachment; filename*=UTF-8''%E9%.csv; filename=y.csv", 'y.csv'],
	['attachment', null],
	['attachment; filename=".."', null],
])('the name in %s', (header, name) => {
	expect(dispositionName(header)).toBe(name);
});
