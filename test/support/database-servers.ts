import {type ChildProcess, execFileSync, spawn, spawnSync} from 'node:child_process';
import {
	chmodSync,
	chownSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';

/** A database server on loopback, with a folder of its own. */
export type DatabaseServer = {
	readonly secret: Readonly<Record<'host' | 'port' | 'user' | 'password' | 'database', string>>;
	/** Runs statements with the server's own client, as its administrator; answers what it prints. */
	readonly run: (sql: string) => string;
	readonly stop: () => Promise<void>;
};

const postgresFolder = existsSync('/usr/lib/postgresql')
	? readdirSync('/usr/lib/postgresql')
			.map((version) => join('/usr/lib/postgresql', version, 'bin'))
			.find((folder) => existsSync(join(folder, 'initdb')))
	: undefined;

/** The reason a server cannot be started here; null where it can. */
export const postgresMissing = postgresFolder === undefined ? 'PostgreSQL is not installed: apt-get install postgresql' : null;
export const mariadbMissing =
	spawnSync('mariadbd', ['--version']).status === 0 && spawnSync('mariadb-install-db', ['--help']).error === undefined
		? null
		: 'MariaDB is not installed: apt-get install mariadb-server';

/** The servers refuse to run as root, and have users of their own. */
function idsOf(user: string): {uid: number; gid: number} | Record<string, never> {
	if (process.getuid?.() !== 0) return {};
	const id = (flag: string) => Number(execFileSync('id', [flag, user], {encoding: 'utf8'}));
	return {uid: id('-u'), gid: id('-g')};
}

function folderFor(user: string): {folder: string; ids: ReturnType<typeof idsOf>} {
	const ids = idsOf(user);
	const folder = mkdtempSync(join(tmpdir(), 'sluice-db-'));
	chmodSync(folder, 0o755);
	if (ids.uid !== undefined && ids.gid !== undefined) chownSync(folder, ids.uid, ids.gid);
	return {folder, ids};
}

function freePort(): Promise<number> {
	return new Promise((resolve) => {
		const server = createServer().listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
		});
	});
}

async function until(holds: () => boolean): Promise<void> {
	const end = Date.now() + 60_000;
	while (!holds()) {
		if (Date.now() > end) throw new Error('The database server does not answer within a minute');
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const gone = new Promise((resolve) => child.once('exit', resolve));
	child.kill(signal);
	await gone;
}

/** A key and a certificate for a host, signed by an authority of its own. */
export type Tls = {readonly key: string; readonly certificate: string; readonly authority: string};

/** The reason certificates cannot be made here; null where they can. */
export const opensslMissing = spawnSync('openssl', ['version']).status === 0 ? null : 'openssl is not installed: apt-get install openssl';

/** @returns files in `folder`, the authority as PEM text */
export function makeTls(folder: string, host = 'localhost'): Tls {
	const openssl = (...words: readonly string[]) => execFileSync('openssl', words, {cwd: folder, stdio: 'ignore'});
	const [key, certificate] = ['server.key', 'server.crt'].map((name) => join(folder, name)) as [string, string];
	const fresh = ['req', '-newkey', 'rsa:2048', '-nodes', '-days', '30'];
	openssl(...fresh, '-x509', '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=Authority of a test');
	openssl(...fresh.slice(0, 4), '-keyout', key, '-out', 'server.csr', '-subj', `/CN=${host}`);
	writeFileSync(join(folder, 'names'), `subjectAltName=DNS:${host}\n`);
	openssl(
		...['x509', '-req', '-in', 'server.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'],
		...['-days', '30', '-extfile', 'names', '-out', certificate],
	);
	return {key, certificate, authority: readFileSync(join(folder, 'ca.crt'), 'utf8')};
}

/** The server's own copies, which no other user may read. */
function ownTls(
	{key, certificate}: Tls,
	folder: string,
	{uid, gid}: Partial<Record<'uid' | 'gid', number>>,
): readonly [key: string, certificate: string] {
	const copied = [key, certificate].map((file) => {
		const copy = join(folder, basename(file));
		copyFileSync(file, copy);
		chmodSync(copy, 0o600);
		if (uid !== undefined && gid !== undefined) chownSync(copy, uid, gid);
		return copy;
	});
	return copied as [string, string];
}

export async function startPostgres(tls?: Tls): Promise<DatabaseServer> {
	const bin = postgresFolder ?? '';
	const {folder, ids} = folderFor('postgres');
	const port = await freePort();
	const administrator = 'secret-of-postgres';
	writeFileSync(join(folder, 'password'), administrator, {mode: 0o644});
	const place = join(folder, 'state');
	execFileSync(
		join(bin, 'initdb'),
		[
			'-D',
			place,
			'-U',
			'postgres',
			'--auth=scram-sha-256',
			`--pwfile=${join(folder, 'password')}`,
			'-E',
			'UTF8',
			'--locale=C.UTF-8',
			'--no-sync',
		],
		{...ids, stdio: 'ignore', cwd: folder},
	);
	const [key, certificate] = tls ? ownTls(tls, folder, ids) : [];
	const encrypted = tls ? ['-c', 'ssl=on', '-c', `ssl_key_file=${key}`, '-c', `ssl_cert_file=${certificate}`] : [];
	const child = spawn(
		join(bin, 'postgres'),
		['-D', place, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', ...encrypted],
		{...ids, stdio: 'ignore', cwd: folder},
	);
	const psql = (database: string, sql: string) =>
		spawnSync(
			join(bin, 'psql'),
			[
				'-XAtq',
				'-v',
				'ON_ERROR_STOP=1',
				'-F',
				'\u001f',
				'-h',
				'127.0.0.1',
				'-p',
				String(port),
				'-U',
				'postgres',
				'-d',
				database,
				'-f',
				'-',
			],
			{
				input: sql,
				encoding: 'utf8',
				env: {...process.env, PGPASSWORD: administrator, PGTZ: 'UTC'},
			},
		);
	const run = (sql: string): string => {
		const {status, stdout, stderr} = psql('shop', sql);
		if (status !== 0) throw new Error(stderr);
		return stdout;
	};
	await until(() => psql('postgres', 'SELECT 1').status === 0);
	psql('postgres', "CREATE ROLE reader LOGIN PASSWORD 'secret-of-reader'");
	psql('postgres', 'CREATE DATABASE shop OWNER reader');
	return {
		secret: {host: '127.0.0.1', port: String(port), user: 'reader', password: 'secret-of-reader', database: 'shop'},
		run,
		stop: async () => {
			await ended(child, 'SIGINT');
			rmSync(folder, {recursive: true, force: true});
		},
	};
}

export async function startMariadb(tls?: Tls): Promise<DatabaseServer> {
	const {folder, ids} = folderFor('mysql');
	const port = await freePort();
	const place = join(folder, 'state');
	const socket = join(folder, 's');
	mkdirSync(place);
	if (ids.uid !== undefined && ids.gid !== undefined) chownSync(place, ids.uid, ids.gid);
	execFileSync(
		'mariadb-install-db',
		['--no-defaults', `--datadir=${place}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
		{...ids, stdio: 'ignore', cwd: folder},
	);
	const [key, certificate] = tls ? ownTls(tls, folder, ids) : [];
	const encrypted = tls ? [`--ssl-key=${key}`, `--ssl-cert=${certificate}`] : [];
	const child = spawn(
		'mariadbd',
		[
			'--no-defaults',
			`--datadir=${place}`,
			`--socket=${socket}`,
			`--port=${port}`,
			'--bind-address=127.0.0.1',
			`--pid-file=${join(folder, 'pid')}`,
			...encrypted,
		],
		{...ids, stdio: 'ignore', cwd: folder},
	);
	const client = (sql: string) =>
		spawnSync('mariadb', ['--no-defaults', `--socket=${socket}`, '-u', 'root', '-N', '-r', '-B', '--default-character-set=utf8mb4'], {
			input: sql,
			encoding: 'utf8',
		});
	const run = (sql: string): string => {
		const {status, stdout, stderr} = client(sql);
		if (status !== 0) throw new Error(stderr);
		return stdout;
	};
	await until(() => client('SELECT 1').status === 0);
	run(
		"CREATE DATABASE shop; CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'secret-of-reader'; GRANT ALL ON shop.* TO reader@'127.0.0.1'; GRANT ALL ON shop.* TO reader@'localhost' IDENTIFIED BY 'secret-of-reader'",
	);
	return {
		secret: {host: '127.0.0.1', port: String(port), user: 'reader', password: 'secret-of-reader', database: 'shop'},
		run,
		stop: async () => {
			await ended(child, 'SIGTERM');
			rmSync(folder, {recursive: true, force: true});
		},
	};
}
