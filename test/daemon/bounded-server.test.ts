import {once} from 'node:events';
import type {Server} from 'node:http';
import {type AddressInfo, connect, type Socket} from 'node:net';
import {afterEach, expect, test} from 'vitest';
import {type Bounds, boundedServer} from '../../source/daemon/server/bounded-server.js';

let server: Server;
/** The ends of the connections on the server's side. */
let held: Set<Socket>;
const clients: Socket[] = [];

afterEach(() => {
	for (const client of clients.splice(0)) client.destroy();
	server.closeAllConnections();
	server.close();
});

async function start(bounds: Partial<Bounds> = {}): Promise<void> {
	held = new Set();
	const patient = {mostConnections: () => 1_000, headersMs: 60_000, requestMs: 60_000};
	server = boundedServer(async (request) => new Response(await request.text()), {...patient, ...bounds});
	server.prependListener('connection', (socket: Socket) => {
		held.add(socket);
		socket.once('close', () => held.delete(socket));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

/** A client that sends this and never closes by itself, whatever it is told. */
async function open(text: string): Promise<{socket: Socket; answer: Promise<string>}> {
	const socket = connect({port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true});
	clients.push(socket);
	let heard = '';
	socket.on('data', (piece) => {
		heard += String(piece);
	});
	socket.on('error', () => undefined);
	const answer = new Promise<string>((resolve) => {
		socket.once('end', () => resolve(heard));
		socket.once('close', () => resolve(heard));
	});
	await once(socket, 'connect');
	socket.write(text);
	return {socket, answer};
}

const allGone = async (): Promise<void> => {
	while (held.size > 0) await Promise.all([...held].map((socket) => once(socket, 'close')));
};
const request = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const statusOf = (answer: string): string => answer.slice(9, 12);

test('an upload may take longer than other requests as long as it goes on arriving', async () => {
	await start({requestMs: 300, isUpload: ({url}) => url === '/upload'});
	const head = (path: string) => `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 400000\r\n\r\n`;
	const [upload, stalled, other] = [await open(head('/upload')), await open(head('/upload')), await open(head('/other'))];
	let refused = false;
	void other.answer.then(() => {
		refused = true;
	});
	for (let sent = 0; sent < 400_000; sent += 40_000) {
		// The last part goes when the bound of the others is over.
		while (sent === 360_000 && !refused) await new Promise((resolve) => setImmediate(resolve));
		upload.socket.write('x'.repeat(40_000));
		other.socket.write('x');
	}
	expect((await Promise.all([upload, stalled, other].map(({answer}) => answer))).map(statusOf)).toEqual(['200', '408', '408']);
	await allGone();
});

test('a thousand clients that never finish and never close are told 408, and are gone on both sides', async () => {
	await start({headersMs: 300, requestMs: 300});
	const halves = ['', 'GET / HT', 'GET / HTTP/1.1\r\nHost: x\r\nX-', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf'];
	const opened = await Promise.all(Array.from({length: 1_000}, (_, index) => open(halves[index % 4] ?? '')));
	const answers = await Promise.all(opened.map(({answer}) => answer));
	expect(new Set(answers.map(statusOf))).toEqual(new Set(['408']));
	await allGone();
	expect((await once(await honest(), 'data')).toString()).toMatch(/^HTTP\/1\.1 200 /);
});

async function honest(): Promise<Socket> {
	const {socket} = await open(request);
	return socket;
}

test('one connection more than there is room for is told 503 and when to come back; the others go on', async () => {
	await start({mostConnections: () => 3});
	const first = await open('');
	await open('');
	await open('');
	const {answer} = await open(request);
	expect(await answer).toMatch(/^HTTP\/1\.1 503 [\s\S]*\r\nRetry-After: 30\r\n[\s\S]*"code":"daemon\.full"/);
	const left = once([...held][0] as Socket, 'close');
	first.socket.destroy();
	await left;
	expect((await once(await honest(), 'data')).toString()).toMatch(/^HTTP\/1\.1 200 /);
});

test('where there is no room, the oldest connection that does not finish its request makes way', async () => {
	await start({mostConnections: () => 2, unfinishedMs: 0});
	const oldest = await open('GET / HTTP/1.1\r\nX-');
	await open('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf');
	const made = once([...held][0] as Socket, 'close');
	expect((await once(await honest(), 'data')).toString()).toMatch(/^HTTP\/1\.1 200 /);
	await made;
	expect(await oldest.answer).toBe('');
});

test.runIf(process.env.SLUICE_LONG)(
	'a flood of ten thousand connections is refused one by one, and never holds more than its share',
	async () => {
		await start({unfinishedMs: 60_000, mostConnections: () => 20});
		let most = 0;
		server.on('connection', () => {
			most = Math.max(most, held.size);
		});
		await Promise.all(Array.from({length: 20}, () => open('')));
		for (let round = 0; round < 100; round++) {
			const flood = await Promise.all(Array.from({length: 100}, () => open(request)));
			await Promise.all(flood.map(({answer}) => answer));
			for (const {socket} of flood) socket.destroy();
		}
		// A hundred that arrive in one turn of the event loop are there before the first of them is gone.
		expect(most).toBeLessThanOrEqual(20 + 16 + 100);
	},
);

test('what is unreadable is answered and closed, whatever follows it', async () => {
	await start();
	const {socket, answer} = await open('nonsense\r\n\r\n');
	socket.write(request);
	expect(statusOf(await answer)).toBe('400');
	await allGone();
});
