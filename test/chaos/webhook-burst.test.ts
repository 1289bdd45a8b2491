import {type ChildProcess, spawn} from 'node:child_process';
import {type IncomingMessage, request} from 'node:http';
import {createServer} from 'node:net';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {afterEach, expect, test} from 'vitest';
import {freePort, ordersFiles, rowsOnDisk} from '../webhooks/support.js';
import {TestWorkspace} from '../whole/workspace.js';

/** `SLUICE_LONG=1` sends as many as a shop does on its best day. */
const [requests, connections] = process.env.SLUICE_LONG === '1' ? [10_000, 1_500] : [600, 150];
const variable = 'SLUICE_SECRET_HOOK_TOKEN';
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

let workspace: TestWorkspace;
let supervisor: ChildProcess | null = null;

afterEach(async () => {
	if (supervisor?.pid) process.kill(-supervisor.pid, 'SIGKILL');
	supervisor = null;
	delete process.env[variable];
	await workspace.close();
});

/** Starts the daemon anew whenever it ends, with the listening socket that it holds itself, as systemd does. */
async function supervise(port: number): Promise<ChildProcess> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen({port, host: '127.0.0.1', backlog: 4096}, resolve));
	const once = `LISTEN_FDS=1 sh -c 'LISTEN_PID=$$ exec "$0" "$@"' "$0" "$@"`;
	const started = spawn('sh', ['-c', `while :; do ${once}; done`, process.execPath, cli, 'daemon', 'run', '--workspace', workspace.dir], {
		cwd: workspace.dir,
		detached: true,
		stdio: ['ignore', 'ignore', 'ignore', (server as unknown as {_handle: {fd: number}})._handle.fd],
	});
	server.close();
	return started;
}

type Sent = {answered: number; replayed: number; wait: number; late: number; broken: number; wrong: string[]};

/** Sends a request again and again until it is kept, as a sender does that waits where it is asked to. */
async function deliver(port: number, code: string, sent: Sent): Promise<void> {
	for (;;) {
		try {
			const answer = await post(port, code);
			if (answer.statusCode === 201) {
				sent.answered++;
				if (answer.headers['idempotency-replayed']) sent.replayed++;
				return;
			}
			if (answer.statusCode === 503 && answer.headers['retry-after']) sent.wait++;
			// So many connections in one process are slow: a head that takes ten seconds is told so.
			else if (answer.statusCode === 408) sent.late++;
			else sent.wrong.push(`${answer.statusCode} ${JSON.stringify(answer.headers)}`);
		} catch (error) {
			const {code: fault} = error as NodeJS.ErrnoException;
			// What is killed cannot answer the connections it had accepted.
			if (fault === 'ECONNRESET' || fault === 'EPIPE') sent.broken++;
			else sent.wrong.push(String(fault));
		}
		await pause(50);
	}
}

function post(port: number, code: string): Promise<IncomingMessage> {
	return new Promise((resolve, reject) => {
		const headers = {Authorization: 'Bearer a long token', 'Idempotency-Key': code};
		const outgoing = request({host: '127.0.0.1', port, path: '/hooks/orders', method: 'POST', headers, agent: false}, (answer) => {
			answer.on('error', reject);
			answer.once('end', () => resolve(answer));
			answer.resume();
		});
		outgoing.on('error', reject);
		outgoing.end(JSON.stringify({code}));
	});
}

test('over a restart and a kill, no connection is refused, and each answered request is one row', async () => {
	const port = await freePort();
	workspace = new TestWorkspace(ordersFiles(port, '{cadence: 1, auth: {bearer: hook_token}}'));
	process.env[variable] = 'a long token';
	supervisor = await supervise(port);
	const codes = Array.from({length: requests}, (_, number) => `code ${number}`);
	const sent: Sent = {answered: 0, replayed: 0, wait: 0, late: 0, broken: 0, wrong: []};
	const next = codes[Symbol.iterator]();
	const signals: NodeJS.Signals[] = ['SIGTERM', 'SIGKILL'];
	const brokenAt: number[] = [];
	const one = async (): Promise<void> => {
		for (const code of next) {
			await deliver(port, code, sent);
			if (sent.answered < (requests * (3 - signals.length)) / 3) continue;
			const signal = signals.shift();
			brokenAt.push(sent.broken);
			for (const pid of signal ? workspace.pids('daemon').filter((found) => found !== supervisor?.pid) : []) process.kill(pid, signal);
		}
	};
	await Promise.all(Array.from({length: connections}, one));
	if (process.env.SLUICE_LONG === '1') console.log({...sent, brokenAt});
	expect(sent.wrong).toEqual([]);
	expect(sent.answered).toBe(requests);
	const rows = await kept();
	expect(rows.length).toBe(requests);
	expect(new Set(rows)).toEqual(new Set(codes));
});

/** The codes of all rows, once there are as many as were sent, or more. */
async function kept(): Promise<readonly string[]> {
	for (;;) {
		const rows = rowsOnDisk(workspace.dir).map(({body}) => (JSON.parse(body) as {code: string}).code);
		if (rows.length >= requests) return rows;
		await pause(200);
	}
}
