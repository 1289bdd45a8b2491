import {createServer, type IncomingHttpHeaders, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {sendOutside} from '../../source/daemon/outgoing/request.js';
import type {Resolve} from '../../source/daemon/outgoing/target.js';

/** A server on the loopback that must never be reached but by those that may: every trick would end here. */
let server: Server;
let port: number;
let heard: {readonly host: string; readonly url: string; readonly headers: IncomingHttpHeaders}[] = [];
let location = '';

beforeAll(async () => {
	server = createServer((request, response) => {
		heard.push({host: request.headers.host ?? '', url: request.url ?? '', headers: request.headers});
		if (request.url === '/redirect') response.writeHead(302, {location}).end();
		else response.end('a secret of this machine');
	});
	await new Promise<void>((resolve) => server.listen(0, '::', resolve));
	port = (server.address() as AddressInfo).port;
});

afterAll(() => {
	server.closeAllConnections();
	server.close();
});

/** Names as somebody's own name server would answer them. */
const names: Readonly<Record<string, readonly string[]>> = {
	'loopback.example': ['127.0.0.1'],
	'sixth.example': ['::1'],
	'mixed.example': ['93.184.216.34', '127.0.0.1'],
	'mapped.example': ['::ffff:7f00:1'],
	'metadata.example': ['169.254.169.254'],
	'zone.example': ['fe80::1%lo'],
	'nonsense.example': ['not an address'],
	'mine.example': ['127.0.0.1'],
};

const resolve: Resolve = async (host) => {
	const found = names[host.replace(/\.$/, '')];
	if (!found) throw new Error('ENOTFOUND');
	return found.map((address) => ({address, family: address.includes(':') ? 6 : 4}));
};

const tricks: readonly (readonly [what: string, host: string])[] = [
	['loopback', '127.0.0.1'],
	['another loopback', '127.255.255.254'],
	['loopback as one decimal number', '2130706433'],
	['loopback in hexadecimal', '0x7f000001'],
	['loopback in octal', '017700000001'],
	['loopback in octal parts', '0177.0.0.01'],
	['loopback in mixed bases', '0x7f.0.0.1'],
	['a short form of two parts', '127.1'],
	['a short form of three parts', '127.0.1'],
	['zero', '0'],
	['this network', '0.0.0.0'],
	['this network, not zero', '0.1.2.3'],
	['a trailing dot', '127.0.0.1.'],
	['a name with a trailing dot', 'loopback.example.'],
	['full-width digits', '\uff11\uff12\uff17.0.0.1'],
	['ideographic full stops', '127\u30020\u30020\u30021'],
	['half-width ideographic stops', '127\uff610\uff610\uff611'],
	['circled digits', '\u2460\u2461\u2466.0.0.1'],
	['percent-encoded', '%31%32%37.0.0.1'],
	['IPv6 loopback', '[::1]'],
	['IPv6 loopback in full', '[0000:0000:0000:0000:0000:0000:0000:0001]'],
	['IPv6 unspecified', '[::]'],
	['IPv4-mapped', '[::ffff:127.0.0.1]'],
	['IPv4-mapped in hexadecimal', '[::ffff:7f00:1]'],
	['IPv4-compatible', '[::127.0.0.1]'],
	['IPv4-translated', '[::ffff:0:127.0.0.1]'],
	['NAT64', '[64:ff9b::127.0.0.1]'],
	['NAT64 for local use', '[64:ff9b:1::7f00:1]'],
	['6to4', '[2002:7f00:1::]'],
	['Teredo', '[2001:0:7f00:1::1]'],
	['unique local', '[fd00::1]'],
	['link-local in IPv6', '[fe80::1]'],
	['site-local in IPv6', '[fec0::1]'],
	['multicast in IPv6', '[ff02::1]'],
	['discard-only', '[100::1]'],
	['documentation in IPv6', '[2001:db8::1]'],
	['metadata in IPv6', '[fd00:ec2::254]'],
	['private class A', '10.1.2.3'],
	['private class B', '172.31.255.255'],
	['private class C', '192.168.0.1'],
	['carrier-grade NAT', '100.100.100.200'],
	['link-local', '169.254.1.1'],
	['metadata', '169.254.169.254'],
	['metadata as one number', '2852039166'],
	['benchmarking', '198.19.0.1'],
	['6to4 relay', '192.88.99.1'],
	['multicast', '224.0.0.1'],
	['broadcast', '255.255.255.255'],
	['localhost', 'localhost'],
	['localhost in capitals', 'LOCALHOST'],
	['localhost with a dot', 'localhost.'],
	['a name for the loopback', 'loopback.example'],
	['a name for the loopback in IPv6', 'sixth.example'],
	['a public and a private address under one name', 'mixed.example'],
	['a name for a mapped address', 'mapped.example'],
	['a name for the metadata', 'metadata.example'],
	['a name for an address with a zone', 'zone.example'],
	['a name for nonsense', 'nonsense.example'],
	["the metadata's own name", 'metadata.google.internal'],
	["the metadata's own name with a dot", 'metadata.google.internal.'],
	['credentials that look like a host', 'example.com@127.0.0.1'],
	['a password that looks like a port', 'example.com:80@loopback.example'],
];

const names127: Resolve = async (host) => (/^localhost\.?$/.test(host) ? [{address: '127.0.0.1', family: 4}] : await resolve(host));

test.each(tricks)('refused: %s', async (_what, host) => {
	heard = [];
	const request = sendOutside({
		url: `http://${host}:${port}/`,
		method: 'GET',
		headers: {},
		allowHosts: [],
		resolve: names127,
		timeoutMs: 2_000,
	});
	await expect(request).rejects.toMatchObject({code: 'outgoing.refused'});
	expect(heard).toEqual([]);
});

test.each(tricks)('refused after a redirect: %s', async (_what, host) => {
	heard = [];
	// why: a header holds bytes; a host may be percent-encoded, and means the same
	location = `http://${/^[ -~]*$/.test(host) ? host : encodeURI(host)}:${port}/inner`;
	const url = `http://mine.example:${port}/redirect`;
	const request = sendOutside({url, method: 'GET', headers: {}, allowHosts: ['mine.example'], resolve: names127, timeoutMs: 2_000});
	await expect(request).rejects.toMatchObject({code: 'outgoing.refused'});
	expect(heard.map(({url: path}) => path)).toEqual(['/redirect']);
});

test.each([
	'file:///etc/passwd',
	'ftp://mine.example/',
	'gopher://mine.example/',
	'data:text/plain,hello',
	'javascript:alert(1)',
	'//',
	'http://[fe80::1%25eth0]/',
	'http://[::1%lo]/',
])('refused as an address, and as the goal of a redirect: %s', async (url) => {
	const asked = {method: 'GET', headers: {}, allowHosts: ['mine.example'], resolve} as const;
	await expect(sendOutside({...asked, url})).rejects.toMatchObject({code: 'outgoing.refused'});
	heard = [];
	location = url;
	await expect(sendOutside({...asked, url: `http://mine.example:${port}/redirect`})).rejects.toMatchObject({
		code: expect.stringMatching(/^outgoing\.(refused|failed)$/),
	});
	expect(heard).toHaveLength(1);
});

test('a name that changes its answer is asked once: the address that was checked is the one that is used', async () => {
	const answers = ['127.0.0.1', '169.254.169.254', '169.254.169.254'];
	let asked = 0;
	const changing: Resolve = async () => [{address: answers[asked++] ?? '', family: 4}];
	const url = `http://mine.example:${port}/once`;
	const answer = await sendOutside({url, method: 'GET', headers: {}, allowHosts: ['mine.example'], resolve: changing});
	expect([answer.status, asked]).toEqual([200, 1]);
});

test('a name that becomes private by the time of its redirect is refused then', async () => {
	let asked = 0;
	const changing: Resolve = async (host) =>
		host === 'mine.example' ? [{address: '127.0.0.1', family: 4}] : [{address: asked++ === 0 ? '10.0.0.1' : '93.184.216.34', family: 4}];
	location = 'http://turning.example/inner';
	const url = `http://mine.example:${port}/redirect`;
	const request = sendOutside({url, method: 'GET', headers: {}, allowHosts: ['mine.example'], resolve: changing});
	await expect(request).rejects.toMatchObject({code: 'outgoing.refused', where: 'turning.example'});
});

test('what could be a credential goes to the place it was meant for alone, under whatever name; what tells nothing goes along', async () => {
	heard = [];
	const headers = {Authorization: 'Bearer one', Cookie: 'two', 'X-Api-Key': 'three', 'If-None-Match': '"four"', 'User-Agent': 'sluice'};
	location = `http://localhost:${port}/elsewhere`;
	const allowHosts = ['mine.example', 'localhost'];
	const answer = await sendOutside({url: `http://mine.example:${port}/redirect`, method: 'GET', headers, allowHosts, resolve: names127});
	expect(answer.status).toBe(200);
	const [first, second] = heard;
	expect(first?.headers).toMatchObject({authorization: 'Bearer one', cookie: 'two', 'x-api-key': 'three'});
	expect(Object.keys(second?.headers ?? {}).sort()).toEqual(['connection', 'host', 'if-none-match', 'user-agent']);
});

test('a resolver that never answers is not waited for', async () => {
	const never: Resolve = () => new Promise(() => undefined);
	const request = sendOutside({url: 'http://slow.example/', method: 'GET', headers: {}, allowHosts: [], resolve: never, timeoutMs: 50});
	await expect(request).rejects.toMatchObject({code: 'outgoing.failed', message: 'The request took too long'});
});
