import {afterAll, beforeAll, beforeEach, expect, test} from 'vitest';
import {createDatabases} from '../../source/engine/sql/databases.js';
import {runSelect} from '../../source/engine/sql/run-select.js';
import {toSluiceError} from '../../source/model/errors.js';
import {type S3Server, startS3} from '../support/s3-server.js';
import {newWorker} from './world.js';

const csv = 'sku,price\nA,1\n';
const keys = ['plain.csv', 'my file (1).csv', 'prices été.csv', 'a#b.csv', '100%.csv', 'a+b.csv'];

let s3: S3Server;

beforeAll(async () => {
	s3 = await startS3({...Object.fromEntries(keys.map((key) => [key, csv])), a: 'sku,price\nanother object,9\n', 'day/1.csv': csv});
});

beforeEach(() => {
	s3.trouble = null;
	s3.asked.length = 0;
});

afterAll(() => s3.stop());

const structured = "format = 'CSVWithNames', structure = 'sku String, price String'";

/** What each SELECT gives, or the error that it ends with. `secrets`: addresses by name; a name that begins with `web` is of no bucket. */
async function read(addresses: Readonly<Record<string, string>>, statements: readonly string[]) {
	const credentials = {access_key_id: 'reader', secret_access_key: 'secret-of-reader'};
	const secrets = Object.fromEntries(
		Object.entries(addresses).map(([name, url]) => [name, name.startsWith('web') ? {url} : {url, ...credentials}]),
	);
	const worker = await newWorker({sqlSandbox: 'off', sqlTimeSeconds: 120}, secrets);
	await createDatabases(worker);
	const answers: unknown[] = [];
	for (const text of statements) {
		try {
			const {blocks} = await runSelect(worker, {text, file: 'transform.sql'});
			for await (const block of blocks) answers.push(block.map((column) => column[0]));
		} catch (error) {
			answers.push(toSluiceError(error).toJSON());
		}
	}
	return answers;
}

test('an object is read whatever letters its key has, written as it is or percent-encoded', async () => {
	const addresses = Object.fromEntries([...keys, 'my%20file%20(1).csv'].map((key, at) => [`k${at}`, s3.address(key)]));
	const answers = await read(
		addresses,
		Object.keys(addresses).map((name) => `SELECT * FROM s3(${name}, ${structured})`),
	);
	expect(answers).toEqual(Object.keys(addresses).map(() => ['A', '1']));
});

test('an object, a bucket or a pattern that is not there is named, with the cure, whether the structure is given or not', async () => {
	const addresses = {
		missing: s3.address('2024/missing.csv'),
		other: s3.address('x.csv').replace('/shop/', '/store/'),
		pattern: s3.address('2025/*.csv'),
		bucket: s3.address('*.csv').replace('/shop/', '/store/'),
	};
	const answers = await read(addresses, [
		"SELECT * FROM s3(missing, format = 'CSVWithNames')",
		`SELECT * FROM s3(missing, ${structured})`,
		`SELECT * FROM s3(other, ${structured})`,
		"SELECT * FROM s3(pattern, format = 'CSVWithNames')",
		`SELECT * FROM s3(bucket, ${structured})`,
	]);
	const cure = expect.stringMatching(/^Check bucket and (?:key|pattern) in `url` of the secret/);
	expect(answers).toMatchObject([
		{
			code: 'source.not_found',
			message: 'There is no object "2024/missing.csv" in the bucket "shop" (404)',
			where: 'transform.sql:1:1',
			cure,
		},
		{code: 'source.not_found', message: 'There is no object "2024/missing.csv" in the bucket "shop" (404)', cure},
		{code: 'source.not_found', message: 'There is no object "x.csv" in the bucket "store" (404)', cure},
		{code: 'source.not_found', message: 'No object matches the pattern in the secret, or all of them are empty', cure},
		{code: 'source.not_found', message: 'There is no object "…" in the bucket "store" (NoSuchBucket)', cure},
	]);
});

test('a server that fails is asked a few times and no more, and what it answers is said', async () => {
	s3.trouble = {status: 500, code: 'InternalError'};
	const answers = await read({lake: s3.address('plain.csv'), all: s3.address('*.csv')}, [
		`SELECT * FROM s3(lake, ${structured})`,
		"SELECT * FROM s3(lake, format = 'CSVWithNames')",
		`SELECT * FROM s3(all, ${structured})`,
	]);
	expect(answers).toMatchObject([
		{code: 'source.failed', message: expect.stringMatching(/"plain.csv" in the bucket "shop", answers 500$/)},
		{code: 'source.failed', message: expect.stringMatching(/"plain.csv" in the bucket "shop", answers 500$/)},
		{code: 'source.failed', message: expect.stringMatching(/in the bucket "shop", answers InternalError$/)},
	]);
	// Four tries; a listing is tried so by the engine and again by its library.
	expect(s3.asked.filter((line) => line.startsWith('HEAD'))).toHaveLength(8);
	expect(s3.asked.length).toBeLessThanOrEqual(24);
});

test('a statement cannot lift the bounds on requests', async () => {
	const settings = ['s3_retry_attempts = 100', 's3_request_timeout_ms = 0', 's3_max_single_read_retries = 100', 's3_max_redirects = 5'];
	const answers = await read(
		{lake: s3.address('plain.csv')},
		settings.map((setting) => `SELECT * FROM s3(lake, ${structured}) SETTINGS ${setting}`),
	);
	expect(answers).toMatchObject(settings.map(() => ({code: 'sql.forbidden'})));
});

test('credentials that are refused, a server that is away and an address of no name each have their own reason', async () => {
	s3.trouble = {status: 403, code: 'SignatureDoesNotMatch'};
	const addresses = {
		...{lake: s3.address('plain.csv'), all: s3.address('*.csv'), web: s3.address('plain.csv')},
		...{away: 'http://127.0.0.1:1/shop/x.csv', nowhere: 'http://no-such-host.invalid/shop/x.csv', webaway: 'http://127.0.0.1:1/x.csv'},
	};
	const answers = await read(addresses, [
		...Object.keys(addresses).map((name) => `SELECT * FROM ${name.startsWith('web') ? 'url' : 's3'}(${name}, ${structured})`),
		"SELECT * FROM s3(away, format = 'CSVWithNames')",
		"SELECT * FROM url(webaway, format = 'CSVWithNames')",
	]);
	const codes = answers.map((answer) => (answer as {code: string}).code);
	expect(codes).toEqual([
		...['source.permission', 'source.permission', 'source.permission'],
		...['source.unreachable', 'source.unreachable', 'source.unreachable', 'source.unreachable', 'source.unreachable'],
	]);
	expect(JSON.stringify(answers)).not.toMatch(/secret-of-reader|0x0|Poco|structure|nullptr|Stack/);
});

test('a file of url() that is not there, and one whose server fails, say so', async () => {
	const select = [`SELECT * FROM url(web, ${structured})`, "SELECT * FROM url(web, format = 'CSVWithNames')"];
	const missing = await read({web: s3.address('missing.csv')}, select);
	s3.trouble = {status: 503, code: 'SlowDown'};
	const failing = await read({web: s3.address('plain.csv')}, select);
	const absent = {code: 'source.not_found', message: 'The server has no file at the address in the secret (404)'};
	expect(missing).toMatchObject([absent, absent]);
	expect(failing).toMatchObject([
		{code: 'source.failed', message: 'The server of url() answers 503'},
		{code: 'source.failed', message: 'The server of url() answers 503'},
	]);
});

test('a text that SQL itself makes is not taken for an answer of a server', async () => {
	const said = "HTTP status code: 404 while reading ''x'' in bucket ''y''";
	expect(await read({lake: s3.address('plain.csv')}, [`SELECT throwIf(1, '${said}')`])).toMatchObject([{code: 'sql.failed'}]);
});
