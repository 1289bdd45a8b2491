import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createServer, type IncomingMessage, type Server} from 'node:http';
import {createServer as createTlsServer} from 'node:https';
import {type AddressInfo, connect} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {Connections} from '../../source/daemon/outgoing/connections.js';
import {directNetwork, type Network, networkOf, proxyFor} from '../../source/daemon/outgoing/network.js';
import {sendOutside} from '../../source/daemon/outgoing/request.js';
import {makeTls, opensslMissing} from '../support/database-servers.js';

const servers: Pick<Server, 'close' | 'closeAllConnections'>[] = [];

afterEach(() => {
	for (const server of servers.splice(0)) {
		server.closeAllConnections();
		server.close();
	}
});

async function portOf(server: Server): Promise<number> {
	servers.push(server);
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	return (server.address() as AddressInfo).port;
}

/** A target that answers the path that was asked for. */
const target = (): Promise<number> => portOf(createServer((request, response) => response.end(`reached ${request.url}`)));

/** A proxy that finds every name on this machine, and keeps what it was asked. */
async function proxy(): Promise<{readonly address: string; readonly asked: string[]}> {
	const asked: string[] = [];
	const seen = ({method, url, headers}: IncomingMessage) => asked.push(`${method} ${url} ${headers['proxy-authorization'] ?? 'nobody'}`);
	const server = createServer((request, response) => {
		seen(request);
		const {port, pathname} = new URL(request.url ?? '');
		void fetch(`http://127.0.0.1:${port}${pathname}`).then(async (answer) => response.end(await answer.text()));
	});
	server.on('connect', (request, socket) => {
		seen(request);
		const out = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
			socket.write('HTTP/1.1 200 Connected\r\n\r\n');
			out.pipe(socket).pipe(out);
		});
		for (const end of [out, socket]) end.on('error', () => undefined);
	});
	return {address: `http://me:p%40ss@127.0.0.1:${await portOf(server)}`, asked};
}

const through = (address: string, more: Partial<Network> = {}): Network => ({
	...directNetwork,
	proxies: {'http:': address, 'https:': address},
	...more,
});

const me = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;

/** This machine knows no name of the outside. */
const resolve = () => Promise.reject(new Error('ENOTFOUND'));

test('a plain request goes to the proxy whole, with its credentials, whatever this machine knows of the name', async () => {
	const port = await target();
	const {address, asked} = await proxy();
	const url = `http://shop.example:${port}/feed`;
	const answer = await sendOutside({url, method: 'GET', headers: {}, allowHosts: [], network: through(address), resolve});
	expect([answer.status, answer.body.toString()]).toEqual([200, 'reached /feed']);
	expect(asked).toEqual([`GET ${url} ${me}`]);
});

test.skipIf(opensslMissing)('a TLS request goes through a tunnel, to a server of an authority that http.ca names', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'sluice-proxy-'));
	try {
		const {key, certificate, authority} = makeTls(folder, 'shop.example');
		const own = {key: readFileSync(key), cert: readFileSync(certificate)};
		const tls = createTlsServer(own, (request, response) => response.end(request.url));
		const port = await portOf(tls as unknown as Server);
		const {address, asked} = await proxy();
		const connections = new Connections();
		const ask = (network: Network) =>
			sendOutside({url: `https://shop.example:${port}/feed`, method: 'GET', headers: {}, allowHosts: [], network, connections, resolve});
		const trusted = through(address, {authorities: authority});
		expect((await ask(trusted)).body.toString()).toBe('/feed');
		expect((await ask(trusted)).body.toString()).toBe('/feed');
		expect([...new Set(asked)]).toEqual([`CONNECT shop.example:${port} ${me}`]);
		await expect(ask(through(address))).rejects.toMatchObject({code: 'outgoing.failed', message: expect.stringContaining('certificate')});
		await connections.destroy();
	} finally {
		rmSync(folder, {recursive: true});
	}
});

test('a proxy opens no door to this machine and its network', async () => {
	const port = await target();
	const {address, asked} = await proxy();
	const ask = (host: string, known = resolve as () => Promise<never>) =>
		sendOutside({url: `http://${host}:${port}/`, method: 'GET', headers: {}, allowHosts: [], network: through(address), resolve: known});
	const inside = () => Promise.resolve([{address: '10.0.0.5', family: 4}]) as unknown as Promise<never>;
	for (const host of ['127.0.0.1', '[::1]', '169.254.169.254', 'metadata.google.internal']) {
		await expect(ask(host)).rejects.toMatchObject({code: 'outgoing.refused'});
	}
	await expect(ask('intranet.example', inside)).rejects.toMatchObject({code: 'outgoing.refused'});
	expect(asked).toEqual([]);
});

test('what no_proxy names is reached directly', () => {
	const network = through('http://proxy:3128', {noProxy: ['a.example', '.b.example', 'c.example:8443', '10.0.0.5', '::1', '*.d.example']});
	const goes = (url: string) => (proxyFor(network, new URL(url)) === null ? 'directly' : 'through');
	expect(
		[
			'https://a.example/',
			'https://www.a.example/',
			'https://nota.example/',
			'http://x.b.example/',
			'https://c.example/',
			'https://c.example:8443/',
			'http://10.0.0.5/',
			'http://[::1]/',
			'https://D.example/',
		].map((url) => `${url} ${goes(url)}`),
	).toEqual([
		'https://a.example/ directly',
		'https://www.a.example/ directly',
		'https://nota.example/ through',
		'http://x.b.example/ directly',
		'https://c.example/ through',
		'https://c.example:8443/ directly',
		'http://10.0.0.5/ directly',
		'http://[::1]/ directly',
		'https://D.example/ directly',
	]);
	expect(proxyFor(through('http://proxy:3128', {noProxy: ['*']}), new URL('https://a.example/'))).toBeNull();
});

test('sluice.yaml comes before the environment, and both before nothing', () => {
	const vault = {read: (name: string) => (name === 'proxy' ? 'p@ss' : null)};
	const none = {proxy: null, noProxy: null, caFile: null};
	const environment = {HTTPS_PROXY: 'http://a:1', http_proxy: 'http://b:2', NO_PROXY: 'x.example, y.example'};
	expect(networkOf({outgoing: none}, vault, {})).toEqual(directNetwork);
	expect(networkOf({outgoing: none}, vault, environment)).toEqual({
		proxies: {'http:': 'http://b:2', 'https:': 'http://a:1'},
		noProxy: ['x.example', 'y.example'],
		authorities: null,
	});
	expect(networkOf({outgoing: none}, vault, {all_proxy: 'http://c:3'}).proxies).toEqual({'http:': 'http://c:3', 'https:': 'http://c:3'});
	const own = {proxy: `http://me:\${secret:proxy}@own:4`, noProxy: ['z.example'], caFile: null};
	expect(networkOf({outgoing: own}, vault, environment)).toMatchObject({
		proxies: {'http:': 'http://me:p%40ss@own:4', 'https:': 'http://me:p%40ss@own:4'},
		noProxy: ['z.example'],
	});
	expect(() => networkOf({outgoing: {...none, caFile: '/nowhere/ca.pem'}}, vault, {})).toThrow(/certificates of http.ca cannot be read/);
});
