import {request} from 'node:http';
import {connect} from 'node:net';
import {afterEach, expect, test} from 'vitest';
import type {Client} from '../../source/api/client.js';
import {freePort} from '../webhooks/support.js';
import {World} from './support/world.js';

let world: World;
let port: number;

afterEach(async () => {
	await world.end();
	delete process.env.SLUICE_SECRET_API_TOKEN;
	process.env.XDG_CONFIG_HOME = '';
});

async function start(more = ''): Promise<Client> {
	port = await freePort();
	world = new World(`name: test\napi: {listen: "127.0.0.1:${port}", token: api_token${more}}\n`);
	world.connector('people');
	process.env.XDG_CONFIG_HOME = world.path('config');
	return await world.start();
}

type Sent = {method?: string; path?: string; headers?: Record<string, string>; body?: string};

/** The status and code of an answer; `closed` where nobody listens. */
function send({method = 'GET', path = '/status', headers = {}, body = ''}: Sent): Promise<string> {
	return new Promise((resolve) => {
		const outgoing = request({host: '127.0.0.1', port, method, path, headers, agent: false}, async (response) => {
			let text = '';
			for await (const part of response) text += String(part);
			const code = /^\{"code":"([^"]+)"/.exec(text)?.[1] ?? '';
			resolve(`${response.statusCode} ${code}`.trim());
		});
		outgoing.on('error', () => resolve('closed'));
		outgoing.end(body);
	});
}

const bearer = (token: string) => ({Authorization: `Bearer ${token}`});

test.each(['', ' ', '\t\n', '\u200b'])('a token that is blank (%j) opens no door, and the daemon says so', async (blank) => {
	process.env.SLUICE_SECRET_API_TOKEN = blank;
	const client = await start();
	for (const headers of [{}, {Authorization: ''}, {Authorization: 'Bearer '}, {Authorization: 'Bearer'}]) {
		expect(await send({headers})).toBe('closed');
	}
	const {needs_you: needsYou} = await client.status();
	expect(needsYou.map(({message}) => message)).toContain(
		'The API over TCP stays shut: the secret of its token, "api_token", is not set (sluice secret set api_token)',
	);
	await expect(client.setSecret('api_token', '  ')).rejects.toMatchObject({code: 'usage.invalid'});
});

test('a token that is set, changed or removed takes effect at once, without a restart', async () => {
	const client = await start();
	expect(await send({headers: bearer('one')})).toBe('closed');
	await client.setSecret('api_token', 'one');
	expect(await send({headers: bearer('one')})).toBe('200');
	const stream = await new Promise<{ended: Promise<unknown>}>((resolve, reject) => {
		const outgoing = request({host: '127.0.0.1', port, path: '/events', headers: bearer('one')}, (response) => {
			response.on('error', () => undefined).resume();
			resolve({ended: new Promise((over) => response.once('close', over))});
		});
		outgoing.on('error', reject);
		outgoing.end();
	});
	await client.setSecret('api_token', 'two');
	await stream.ended;
	expect(await send({headers: bearer('one')})).toBe('401 api.unauthorised');
	expect(await send({headers: bearer('two')})).toBe('200');
	await client.removeSecret('api_token');
	expect(await send({headers: bearer('two')})).toBe('closed');
});

test('the scheme is read in any case, and nothing but the token is taken', async () => {
	process.env.SLUICE_SECRET_API_TOKEN = 'a token';
	await start();
	for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR']) {
		expect(await send({headers: {Authorization: `${scheme} a token`}})).toBe('200');
	}
	for (const authorization of ['a token', 'Basic a token', 'Bearer a toke', 'Bearer a token2', 'Bearera token', '']) {
		expect(await send({headers: {Authorization: authorization}})).toBe('401 api.unauthorised');
	}
});

test('a name that leads here by somebody else, and the page of a browser, are refused with the right token too', async () => {
	process.env.SLUICE_SECRET_API_TOKEN = 'a token';
	await start(', hosts: [sluice.example.com]');
	const token = bearer('a token');
	for (const host of [
		'127.0.0.1',
		`127.0.0.1:${port}`,
		'[::1]:80',
		'localhost',
		'LOCALHOST:9',
		'sluice.example.com',
		'sluice.example.com.:443',
	]) {
		expect([host, await send({headers: {...token, Host: host}})]).toEqual([host, '200']);
	}
	for (const host of [
		'rebound.example.com',
		'localhost.example.com',
		'127.0.0.1.example.com',
		'sluice.example.com.evil.example',
		'localhost:80:80',
	]) {
		expect([host, await send({headers: {...token, Host: host}})]).toEqual([host, expect.stringMatching(/^(421 api.host_unknown|400)$/)]);
	}
	for (const host of ['sluice.example.com@evil.example', '127.0.0.1, evil.example', 'localhost evil.example']) {
		expect([host, await send({headers: {...token, Host: host}})]).toEqual([host, '400']);
	}
	for (const headers of [
		{Origin: 'https://evil.example'},
		{Origin: 'null'},
		{Origin: `http://127.0.0.1:${port}`},
		{'Sec-Fetch-Site': 'cross-site'},
		{'Sec-Fetch-Site': 'same-site'},
		{'Sec-Fetch-Site': 'same-origin'},
	]) {
		expect(await send({headers: {...token, ...headers}})).toBe('403 api.cross_site');
		expect(await send({method: 'OPTIONS', headers: {...headers}})).toBe('403 api.cross_site');
	}
	for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain; application/json', '']) {
		const sent = {method: 'POST', path: '/validate', body: '{}', headers: {...token, ...(type !== '' && {'Content-Type': type})}};
		expect([type, await send(sent)]).toEqual([type, '415 api.not_json']);
	}
	const json = {...token, 'Content-Type': 'application/json; charset=utf-8'};
	expect(await send({method: 'POST', path: '/validate', body: '{}', headers: json})).toBe('200');
});

test('two requests cannot be smuggled as one: what is ambiguous is refused, and its connection closed', async () => {
	process.env.SLUICE_SECRET_API_TOKEN = 'a token';
	const client = await start();
	const head = `Host: localhost\r\nAuthorization: Bearer a token\r\nContent-Type: application/json\r\n`;
	const smuggled = `POST /daemon/stop HTTP/1.1\r\n${head}Content-Length: 2\r\n\r\n{}`;
	const ambiguous = [
		`${head}Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
		`${head}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${smuggled}`,
		`${head}Content-Length: 0\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
		`${head}Content-Length: 0, ${smuggled.length}\r\n\r\n${smuggled}`,
		`${head}Content-Length: +2\r\n\r\n{}${smuggled}`,
		`${head}Content-Length: 0x2\r\n\r\n{}${smuggled}`,
		`${head}Content-Length : 0\r\n\r\n${smuggled}`,
		`${head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`,
		`${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
		`${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`,
		`${head}Transfer-Encoding: chunked\r\n\r\n2;\n{}\r\n0\r\n\r\n${smuggled}`,
		`${head}Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n${smuggled}`,
		`${head}X: a\nContent-Length: 0\r\n\r\n${smuggled}`,
		`${head}X: a\rContent-Length: 0\r\n\r\n${smuggled}`,
		`${head} folded: x\r\nX: \0\r\n\r\n${smuggled}`,
	];
	for (const rest of ambiguous) {
		const answers = await raw(`POST /validate HTTP/1.1\r\n${rest}`);
		expect([rest, [...answers.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status)]).toEqual([rest, ['400']]);
	}
	expect((await client.status()).daemon.pid).toBe(process.pid);
});

/** Everything that comes back until the other end closes. */
function raw(text: string): Promise<string> {
	return new Promise((resolve) => {
		let heard = '';
		const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
		socket.on('data', (piece) => {
			heard += String(piece);
		});
		socket.on('error', () => undefined);
		socket.once('close', () => resolve(heard));
	});
}
