import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {StopRequest} from '../../source/engine/execution/stop-request.js';
import {createDatabases} from '../../source/engine/sql/databases.js';
import {runSelect} from '../../source/engine/sql/run-select.js';
import {fetchQuery} from '../../source/engine/tasks/fetch-query.js';
import {toSluiceError} from '../../source/model/errors.js';
import {defaultLimits} from '../../source/model/limits.js';
import {
	type DatabaseServer,
	makeTls,
	mariadbMissing,
	opensslMissing,
	postgresMissing,
	startMariadb,
	startPostgres,
	type Tls,
} from '../support/database-servers.js';
import {newWorker} from './world.js';

const cases = [
	['postgres', postgresMissing, startPostgres],
	['mysql', mariadbMissing, startMariadb],
] as const;

for (const [kind, serverMissing, start] of cases) {
	const missing = serverMissing ?? opensslMissing;
	describe.skipIf(missing !== null)(`certificates of ${kind}${missing === null ? '' : `: ${missing}`}`, () => {
		let folder: string;
		let tls: Tls;
		let server: DatabaseServer;

		beforeAll(async () => {
			folder = mkdtempSync(join(tmpdir(), 'sluice-tls-'));
			tls = makeTls(folder);
			server = await start(tls);
		}, 120_000);

		afterAll(async () => {
			await server?.stop();
			rmSync(folder, {recursive: true, force: true});
		});

		/** Whether the connection was encrypted, or the error. */
		async function connect(more: Readonly<Record<string, string>>): Promise<unknown> {
			const query =
				kind === 'postgres'
					? 'SELECT ssl::text AS encrypted FROM pg_stat_ssl WHERE pid = pg_backend_pid()'
					: "SELECT IF(VARIABLE_VALUE = '', 'false', 'true') AS encrypted FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'SSL_CIPHER'";
			const asked = {kind, query, secretName: 'shop', secret: {...server.secret, ...more}};
			try {
				return (await fetchQuery({task: 'fetch', asked, to: null, rows: 1, limits: defaultLimits}, new StopRequest())).rows[0]?.[0];
			} catch (error) {
				return toSluiceError(error).toJSON();
			}
		}

		test('the server is trusted by the authority in the secret, for the host that its certificate names', async () => {
			const ca = {ssl_ca: tls.authority};
			expect(await connect({host: 'localhost', sslmode: 'verify-full', ...ca})).toBe('true');
			expect(await connect({sslmode: 'verify-ca', ...ca})).toBe('true');
			expect(await connect({sslmode: 'require', ...ca})).toBe('true');
			expect(await connect({sslmode: 'require'})).toBe('true');
			expect(await connect({sslmode: 'prefer'})).toBe('true');
			expect(await connect({})).toBe('true');
			expect(await connect({sslmode: 'disable'})).toBe('false');
		});

		test('without its authority, with that of another and for another host the server is refused, with the cure', async () => {
			const otherFolder = mkdtempSync(join(folder, 'other-'));
			const other = makeTls(otherFolder).authority;
			const refused = {code: 'source.certificate', cure: expect.stringContaining('`ssl_ca`')};
			expect(await connect({host: 'localhost', sslmode: 'verify-full'})).toMatchObject(refused);
			expect(await connect({host: 'localhost', sslmode: 'verify-full', ssl_ca: other})).toMatchObject(refused);
			expect(await connect({sslmode: 'verify-ca'})).toMatchObject(refused);
			expect(await connect({sslmode: 'require', ssl_ca: other})).toMatchObject(refused);
			// An address is no name of the certificate; MySQL's driver cannot compare it.
			const byAddress = await connect({sslmode: 'verify-full', ssl_ca: tls.authority});
			expect(byAddress).toMatchObject(
				kind === 'postgres' ? refused : {code: 'source.certificate', cure: expect.stringContaining('`host`')},
			);
		});

		test('a certificate that the authority signed for another host is refused', async () => {
			const elsewhere = makeTls(mkdtempSync(join(folder, 'elsewhere-')), 'elsewhere.test');
			const another = await start(elsewhere);
			try {
				const {port} = another.secret;
				const secret = {host: 'localhost', port, ssl_ca: elsewhere.authority};
				expect(await connect({...secret, sslmode: 'verify-full'})).toMatchObject({code: 'source.certificate'});
				expect(await connect({...secret, sslmode: 'verify-ca'})).toBe('true');
			} finally {
				await another.stop();
			}
		}, 120_000);

		test('a secret with sslmode and ssl_ca is refused within SQL, and the cure names the source that verifies', async () => {
			const worker = await newWorker({sqlSandbox: 'off'}, {shop: {...server.secret, sslmode: 'verify-full', ssl_ca: tls.authority}});
			await createDatabases(worker);
			const call = `${kind === 'postgres' ? 'postgresql' : 'mysql'}(shop, query = 'SELECT 1 AS a')`;
			const error = await runSelect(worker, {text: `SELECT a FROM ${call}`, file: 'transform.sql'}).then(
				() => null,
				(thrown: unknown) => toSluiceError(thrown).toJSON(),
			);
			expect(error).toMatchObject({code: 'source.secret', cure: expect.stringContaining(`source: {${kind}: SECRET, query}`)});
		});
	});
}
