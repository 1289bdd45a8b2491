import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {afterEach, expect, test} from 'vitest';
import {sendOutside} from '../../source/daemon/outgoing/request.js';

const servers: Server[] = [];

afterEach(() => {
	for (const server of servers.splice(0)) {
		server.closeAllConnections();
		server.close();
	}
});

async function serverThat(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
	const server = createServer(answer);
	servers.push(server);
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const here = {headers: {}, allowHosts: ['127.0.0.1', 'localhost']} as const;

test('a request reaches a listed host with its method, headers and body', async () => {
	const url = await serverThat(async (request, response) => {
		const parts: Buffer[] = [];
		for await (const part of request) parts.push(part as Buffer);
		response.setHeader('x-seen', request.headers['x-mine'] ?? '').end(`${request.method} ${request.url} ${Buffer.concat(parts)}`);
	});
	const answer = await sendOutside({...here, url: `${url}/hook?a=1`, method: 'POST', headers: {'x-mine': 'yes'}, body: 'hello'});
	expect([answer.status, answer.headers['x-seen'], answer.body.toString()]).toEqual([200, 'yes', 'POST /hook?a=1 hello']);
});

test('a name is resolved once, to the address that was checked', async () => {
	const url = await serverThat((request, response) => response.end(request.headers.host));
	const named = url.replace('127.0.0.1', 'localhost');
	expect((await sendOutside({...here, url: named, method: 'GET'})).body.toString()).toBe(new URL(named).host);
});

test('this machine and its network are out of reach unless listed, under any name, and after a redirect', async () => {
	const inner = await serverThat((_request, response) => response.end('secret'));
	for (const url of [inner, inner.replace('127.0.0.1', 'localhost'), inner.replace('127.0.0.1', '[::ffff:127.0.0.1]')]) {
		await expect(sendOutside({url, method: 'GET', headers: {}, allowHosts: []})).rejects.toMatchObject({code: 'outgoing.refused'});
	}
	const outer = await serverThat((_request, response) =>
		response.writeHead(302, {location: inner.replace('127.0.0.1', '127.0.0.2')}).end(),
	);
	await expect(sendOutside({...here, url: outer, method: 'GET'})).rejects.toMatchObject({code: 'outgoing.refused'});
});

test('redirects are followed, but not without end, and never with a body to another place', async () => {
	const goal = await serverThat((request, response) => response.end(request.url));
	const hop = await serverThat((request, response) => {
		const to = request.url === '/loop' ? '/loop' : request.url === '/near' ? '/far' : `${goal}/arrived`;
		response.writeHead(307, {location: to}).end();
	});
	expect((await sendOutside({...here, url: `${hop}/near`, method: 'GET'})).body.toString()).toBe('/arrived');
	await expect(sendOutside({...here, url: `${hop}/loop`, method: 'GET'})).rejects.toMatchObject({code: 'outgoing.failed'});
	await expect(sendOutside({...here, url: hop, method: 'POST', body: 'x'})).rejects.toMatchObject({code: 'outgoing.refused'});
});

test('time and size are bounded, and what fails names the place alone', async () => {
	const silent = await serverThat(() => undefined);
	await expect(sendOutside({...here, url: `${silent}/token`, method: 'GET', timeoutMs: 50})).rejects.toMatchObject({
		code: 'outgoing.failed',
		where: silent,
	});
	const endless = await serverThat((_request, response) => response.end('x'.repeat(2_000)));
	await expect(sendOutside({...here, url: endless, method: 'GET', largestAnswerBytes: 1_000})).rejects.toMatchObject({
		code: 'outgoing.failed',
	});
});
