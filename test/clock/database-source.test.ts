import {readFileSync} from 'node:fs';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import type {Client} from '../../source/api/client.js';
import {World} from '../daemon/support/world.js';
import {type DatabaseServer, mariadbMissing, postgresMissing, startMariadb, startPostgres} from '../support/database-servers.js';

/** What runs the query of a source. */
const realRunner = fileURLToPath(new URL('../../dist/source/engine/main.js', import.meta.url));

type Case = {
	readonly kind: 'postgres' | 'mysql';
	readonly missing: string | null;
	readonly start: () => Promise<DatabaseServer>;
	/** A query that takes a minute while `pace` holds 1000, and no time when it holds 1. */
	readonly slow: string;
	/** How many of the reader's queries run. */
	readonly running: string;
	/** Ends the reader's connections. */
	readonly cut: string;
};

const cases: readonly Case[] = [
	{
		kind: 'postgres',
		missing: postgresMissing,
		start: startPostgres,
		slow: "SELECT i || '@x' AS email, pg_sleep(0.06)::text AS slept FROM generate_series(1, (SELECT n FROM pace)) AS i",
		running: "SELECT count(*) FROM pg_stat_activity WHERE usename = 'reader' AND state = 'active'",
		cut: "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader'",
	},
	{
		kind: 'mysql',
		missing: mariadbMissing,
		start: startMariadb,
		slow: "SELECT concat(seq, '@x') AS email, sleep(0.06) AS slept FROM seq_1_to_1000 WHERE seq <= (SELECT n FROM pace)",
		running: "SELECT count(*) FROM information_schema.PROCESSLIST WHERE USER = 'reader' AND COMMAND = 'Query'",
		cut: 'KILL USER reader',
	},
];

/** A workspace whose connector `feed` looks at this source every second. */
async function watching(server: DatabaseServer, source: string): Promise<{world: World; client: Client}> {
	process.env.SLUICE_SECRET_SHOP = JSON.stringify(server.secret);
	const world = new World('name: test\nlimits: {sql_sandbox: off}\n');
	onTestFinished(() => world.end());
	world.connector('feed', `schedule: {cadence: 1}\nsource: ${source}\n`);
	const client = await world.start(realRunner);
	await client.activate('feed');
	return {world, client};
}

async function failedRuns(client: Client) {
	return (await client.executions()).items.filter(({status}) => status === 'failed').map(({error}) => error?.code);
}

async function inputs(client: Client): Promise<readonly string[]> {
	const files = (await client.executions()).items.flatMap(({artifacts: {input}}) => input ?? []);
	return files.map((file) => readFileSync(file, 'utf8')).reverse();
}

async function unchangedLines(client: Client): Promise<number> {
	return (await client.history({connector: 'feed'})).items.filter(({what}) => what === 'unchanged').length;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
	while (!(await holds())) await pause(50);
}

/** The short form asks PostgreSQL alone: how the daemon deals with a source does not depend on the server. */
for (const {kind, missing, start, slow, running, cut} of process.env.SLUICE_LONG === '1' ? cases : cases.slice(0, 1)) {
	describe.skipIf(missing !== null)(`source: {${kind}}${missing === null ? '' : `: ${missing}`}`, () => {
		let server: DatabaseServer;
		const table = kind === 'mysql' ? 'shop.people' : 'people';
		const pace = kind === 'mysql' ? 'shop.pace' : 'pace';
		const runs = () => Number(server.run(running).trim());

		beforeAll(async () => {
			server = await start();
			server.run(`CREATE TABLE ${table} (email text, name text, changed int); INSERT INTO ${table} VALUES ('a@x', NULL, 1)`);
			server.run(`CREATE TABLE ${pace} (n int); INSERT INTO ${pace} VALUES (1000)`);
			if (kind === 'postgres') server.run('GRANT SELECT ON people, pace TO reader');
		}, 120_000);

		afterAll(async () => {
			delete process.env.SLUICE_SECRET_SHOP;
			await server?.stop();
		});

		test('a tick takes what the query gives, the same newest row is no change and a newer one is, and source test shows it', async () => {
			const query = 'SELECT email, name FROM people ORDER BY email';
			const newest = 'SELECT max(changed) FROM people';
			const {client} = await watching(server, `{${kind}: shop, query: "${query}", freshness: {max_timestamp: "${newest}"}}`);
			await until(async () => (await unchangedLines(client)) === 1);
			expect(await inputs(client)).toEqual(['email,name\na@x,\n']);
			expect(await client.testSource('feed')).toMatchObject({
				kind,
				found: [],
				freshness: {by: 'max_timestamp', changed: false},
				columns: ['email', 'name'],
				rows: [{email: 'a@x', name: null}],
			});
			server.run(`INSERT INTO ${table} VALUES ('b@x', '', 2)`);
			await until(async () => (await unchangedLines(client)) === 2);
			expect(await inputs(client)).toEqual(['email,name\na@x,\n', 'email,name\na@x,\nb@x,""\n']);
			await until(async () => (await client.executions()).items.every(({status}) => status === 'completed'));
		});

		test('a server that goes away midway is one failed execution with its reason, and the rows come when it is back', async () => {
			const {client} = await watching(server, `{${kind}: shop, query: "${slow}"}`);
			const cutAll = () => runs() > 0 && server.run(cut);
			await until(async () => {
				cutAll();
				return (await failedRuns(client)).length > 0;
			});
			server.run(`UPDATE ${pace} SET n = 1`);
			cutAll();
			await until(async () => (await client.executions()).items.some(({status}) => status === 'completed'));
			server.run(`UPDATE ${pace} SET n = 1000`);
			expect(await failedRuns(client)).toEqual(['source.connection_lost']);
			expect((await inputs(client))[0]).toMatch(/^email,slept\n1@x,/);
		});

		test('cancelling a look, and deactivating, end the query in the server; nothing is taken, and no failed execution is left', async () => {
			const {client} = await watching(server, `{${kind}: shop, query: "${slow}"}`);
			await until(async () => runs() > 0);
			expect(await client.cancelSource('feed')).toEqual({cancelled: 1});
			await until(async () => (await client.history({connector: 'feed'})).items.some(({what}) => what === 'source cancel'));
			// The next tick looks again.
			await until(async () => runs() > 0);
			await client.deactivate('feed');
			await until(async () => runs() === 0);
			await expect(client.cancelSource('feed')).rejects.toMatchObject({code: 'source.idle'});
			const asked = client.testSource('feed');
			await until(async () => runs() > 0);
			await client.cancelSource('feed');
			await expect(asked).rejects.toMatchObject({code: 'source.cancelled'});
			await until(async () => runs() === 0);
			expect((await client.executions()).items).toEqual([]);
		});

		test('the daemon stops at once while a query runs, and no failed execution is left', async () => {
			const {client, world} = await watching(server, `{${kind}: shop, query: "${slow}"}`);
			await until(async () => runs() > 0);
			expect((await client.executions()).items).toEqual([]);
			await world.daemon?.stop();
			await until(async () => runs() === 0);
			const again = await world.start(realRunner);
			expect((await again.executions()).items).toEqual([]);
		}, 50_000);
	});
}
