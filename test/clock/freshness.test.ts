import {readFileSync, utimesSync} from 'node:fs';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import Database from 'better-sqlite3';
import {afterAll, expect, type TestContext, test} from 'vitest';
import {World} from '../daemon/support/world.js';

// A connector with an unset secret is not activated.
process.env.SLUICE_SECRET_OTHER = 'another-secret-of-some-length';
afterAll(() => {
	delete process.env.SLUICE_SECRET_OTHER;
});

/** A workspace of its own whose connector `feed` looks at its source every second, and how it stands once two more ticks were answered. */
async function watching({onTestFinished}: TestContext, source: string, runner?: string) {
	const world = new World('name: test\nhttp: {listen: "127.0.0.1:65000", allow_hosts: ["127.0.0.1"]}\n');
	onTestFinished(() => world.end());
	world.write('drop/.keep', '');
	world.connector('feed', `schedule: {cadence: 1}\nsource: ${source}\n`);
	const client = await world.start(runner);
	await client.activate('feed');
	/** A time that lies behind: a file of it is not still being written. */
	const dropped = (name: string, text: string, day = '2026-01-01'): void => {
		const at = new Date(`${day}T00:00:00Z`);
		utimesSync(world.write(`drop/${name}`, text), at, at);
	};
	const afterTwoTicks = async (): Promise<{executions: number; unchanged: number; failed: number}> => {
		const control = new Database(world.path('.sluice/control.db'), {readonly: true});
		const count = (sql: string): number => (control.prepare(sql).get() as {n: number}).n;
		try {
			const last = count('SELECT coalesce(max(seq), 0) n FROM ticks') + 2;
			while (count('SELECT coalesce(max(seq), 0) n FROM ticks') < last) await pause(20);
			return {
				executions: count('SELECT count(*) n FROM executions'),
				unchanged: count(`SELECT count(*) n FROM history WHERE what = 'unchanged'`),
				failed: count(`SELECT count(*) n FROM executions WHERE status = 'failed'`),
			};
		} finally {
			control.close();
		}
	};
	return {client, dropped, afterTwoTicks};
}

const body = 'email\na@x\n';

async function serverThat(
	{onTestFinished}: TestContext,
	answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
	const server = createServer(answer);
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.concurrent('a file is taken once, the same content under a new time is another file, and nothing new is one line however often it is looked at', async (context) => {
	const {client, dropped, afterTwoTicks} = await watching(context, '{file: "drop/*.csv", settle: 0.2, freshness: modified_time}');
	dropped('a.csv', body);
	expect(await afterTwoTicks()).toMatchObject({executions: 1});
	const settled = await afterTwoTicks();
	expect(await afterTwoTicks()).toEqual(settled);
	dropped('a.csv', body, '2026-01-02');
	dropped('b.csv', body);
	await afterTwoTicks();
	expect(await afterTwoTicks()).toMatchObject({executions: 3, unchanged: settled.unchanged + 1});
	const {items} = await client.executions();
	expect(items.map(({input_file: name}) => name)).toEqual(['a.csv', 'b.csv', 'a.csv']);
	const [line] = (await client.history({connector: 'feed'})).items.filter(({what}) => what === 'unchanged');
	expect(line?.detail).toMatchObject({freshness: 'modified_time', since: expect.stringMatching(/^2026|^20\d\d-/), execution: items[0]?.id});
});

test.concurrent('by checksum, a file with a new time and the same content is no change', async (context) => {
	const {dropped, afterTwoTicks} = await watching(context, '{file: "drop/*.csv", settle: 0.2, freshness: checksum}');
	dropped('a.csv', body);
	expect(await afterTwoTicks()).toMatchObject({executions: 1});
	dropped('a.csv', body, '2026-01-02');
	expect(await afterTwoTicks()).toMatchObject({executions: 1});
	dropped('a.csv', `${body}b@x\n`);
	await afterTwoTicks();
	expect(await afterTwoTicks()).toMatchObject({executions: 2});
});

test
	.runIf(process.env.SLUICE_LONG)
	.concurrent('by a token beside it, nothing is taken before the token is there, and then once for each content of it', async (context) => {
		const {dropped, afterTwoTicks} = await watching(context, '{file: "drop/*.csv", settle: 0.2, freshness: {change_token: ready}}');
		dropped('a.csv', body);
		expect(await afterTwoTicks()).toMatchObject({executions: 0, unchanged: 1});
		dropped('ready', '1');
		await afterTwoTicks();
		expect(await afterTwoTicks()).toMatchObject({executions: 1});
		dropped('ready', '2');
		await afterTwoTicks();
		expect(await afterTwoTicks()).toMatchObject({executions: 2});
	});

type Served = {etag?: string; 'last-modified'?: string; 'x-version'?: string};

/** A server that answers 304 where the request's conditions hold, and counts its answers. */
async function feed(context: TestContext, start: {headers: Served; text: string; honours?: boolean}) {
	const now = {...start};
	const answers: number[] = [];
	const url = await serverThat(context, (request, response) => {
		const {'if-none-match': match, 'if-modified-since': since} = request.headers;
		const same = match === undefined ? since !== undefined && since === now.headers['last-modified'] : match === now.headers.etag;
		const status = same && now.honours !== false ? 304 : 200;
		answers.push(status);
		response.writeHead(status, {...now.headers, 'content-type': 'text/csv'}).end(status === 200 ? now.text : undefined);
	});
	return {url: `${url}/feed`, now, answers};
}

const monday = 'Mon, 05 Jan 2026 06:00:00 GMT';
const tuesday = 'Tue, 06 Jan 2026 06:00:00 GMT';

test.concurrent.for([
	['etag', 'an ETag', {etag: '"1"'}, {etag: '"2"'}, true],
	['etag', 'a Last-Modified alone', {'last-modified': monday}, {'last-modified': tuesday}, true],
	['etag', 'a server that ignores conditions', {etag: '"1"', honours: false}, {etag: '"2"'}, false],
	['modified_time', 'a Last-Modified', {'last-modified': monday}, {'last-modified': tuesday}, true],
	['{change_token: X-Version}', 'a header of its own', {'x-version': '1'}, {'x-version': '2'}, false],
] as const)('by %s, %s tells what is new', async ([freshness, _what, before, after, conditional], context) => {
	const {honours, ...headers} = {honours: true, ...before};
	const {url, now, answers} = await feed(context, {headers, text: body, honours});
	const {afterTwoTicks} = await watching(context, `{url: "${url}", freshness: ${freshness}}`);
	await afterTwoTicks();
	expect(await afterTwoTicks()).toMatchObject({executions: 1, unchanged: 1, failed: 0});
	expect(answers.filter((status) => status === 200).length === 1).toBe(conditional);
	now.headers = after;
	await afterTwoTicks();
	expect(await afterTwoTicks()).toMatchObject({executions: 2, unchanged: 2, failed: 0});
});

test.concurrent('by checksum, what a server says of its answer does not count, its content does', async (context) => {
	const {url, now} = await feed(context, {headers: {etag: '"1"'}, text: body});
	const {client, afterTwoTicks} = await watching(context, `{url: "${url}", freshness: checksum}`);
	await afterTwoTicks();
	now.headers = {etag: '"2"'};
	expect(await afterTwoTicks()).toMatchObject({executions: 1, unchanged: 1});
	now.text = `${body}b@x\n`;
	await afterTwoTicks();
	expect(await afterTwoTicks()).toMatchObject({executions: 2, unchanged: 2});
	expect((await client.executions()).items.map(({input_file: name}) => name)).toEqual(['feed.csv', 'feed.csv']);
});

/** What runs the query of a source: SQL is for the real engine alone. */
const realRunner = fileURLToPath(new URL('../../dist/source/engine/main.js', import.meta.url));

test.concurrent('by the newest timestamp of a query, the same one is one execution and one line, however often it is looked at', async (context) => {
	const {afterTwoTicks} = await watching(
		context,
		`{sql: "SELECT 'a@x' AS email, generateUUIDv4() AS other", freshness: {max_timestamp: "SELECT toDateTime('2026-01-01 00:00:00')"}}\nsecrets: [other]`,
		realRunner,
	);
	await afterTwoTicks();
	expect(await afterTwoTicks()).toMatchObject({executions: 1, unchanged: 1, failed: 0});
});

test
	.runIf(process.env.SLUICE_LONG)
	.concurrent(
		'by the newest timestamp of a query, a newer one is an execution each, although the rows are the same; decimals keep their scale',
		async (context) => {
			const {client, afterTwoTicks} = await watching(
				context,
				`{sql: "SELECT 'a@x' AS email, toDecimal64('1.50', 2) AS price, CAST(NULL AS Nullable(Decimal(9, 3))) AS none, toNullable(toDecimal256('-0.10', 40)) AS fine", freshness: {max_timestamp: "SELECT max(at) FROM (SELECT now64(9) AS at)"}}\nsecrets: [other]`,
				realRunner,
			);
			await afterTwoTicks();
			const {executions, unchanged, failed} = await afterTwoTicks();
			expect([executions >= 3, unchanged, failed]).toEqual([true, 0, 0]);
			const {items} = await client.executions({limit: 2});
			const [last, before] = items.map(({artifacts}) => readFileSync(artifacts.input ?? '', 'utf8'));
			expect(last).toBe(`email,price,none,fine\na@x,1.50,,-0.10${'0'.repeat(38)}\n`);
			expect(before).toBe(last);
		},
	);

test.concurrent('a source that cannot be read is one failed execution until it can, with the reason and without the secret', async (context) => {
	let status = 401;
	let asked: string | undefined;
	const url = await serverThat(context, (request, response) => {
		asked = request.headers.authorization;
		response.writeHead(status).end(status === 200 ? body : 'no');
	});
	process.env.SLUICE_SECRET_FEED = 'a-secret-of-some-length';
	try {
		const {client, afterTwoTicks} = await watching(
			context,
			`{url: "${url}/?key=\${secret:feed}", headers: {Authorization: "Bearer \${secret:feed}"}, freshness: checksum}`,
		);
		await afterTwoTicks();
		expect(await afterTwoTicks()).toMatchObject({executions: 1, failed: 1});
		expect(asked).toBe('Bearer a-secret-of-some-length');
		const [failure] = (await client.executions()).items;
		expect(failure?.error).toMatchObject({
			code: 'source.failed',
			message: 'The source answered 401',
			cure: expect.stringContaining('secret set'),
		});
		expect(JSON.stringify([failure, await client.history(), await client.status()])).not.toContain('a-secret');
		status = 200;
		await afterTwoTicks();
		expect(await afterTwoTicks()).toMatchObject({executions: 2, failed: 1});
	} finally {
		delete process.env.SLUICE_SECRET_FEED;
	}
});
