import {readFileSync} from 'node:fs';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {onDisk} from '../../source/daemon/log.js';
import {redactor} from '../../source/engine/sql/collections.js';
import {World} from './support/world.js';

let world: World;
const secret = 'pa"ss\\wo rd/1';

beforeEach(() => {
	process.env.SLUICE_SECRET_FEED = secret;
	process.env.SLUICE_SECRET_SHORT = 'abc';
	world = new World('name: Acme\n');
});

afterEach(async () => {
	delete process.env.SLUICE_SECRET_FEED;
	delete process.env.SLUICE_SECRET_SHORT;
	await world.end();
});

test('a secret is hidden as it stands, as a URL spells it, and as JSON does; short values are no secrets', () => {
	const redact = redactor({feed: {value: secret, host: 'db.example.com'}, short: {value: 'abc'}});
	expect(redact(`${secret} ${encodeURIComponent(secret)} ${JSON.stringify(secret)} abc db.example.com`)).toBe(
		'*** *** "***" abc db.example.com',
	);
});

test("an error of the API, and a warning or error of the daemon's log, hold no secret", async () => {
	const client = await world.start();
	const error = await client.execution(secret).catch((thrown: Error) => thrown);
	expect(String(error)).toContain('***');
	expect(String(error)).not.toContain('wo rd');

	const {log} = world.daemon?.services ?? {};
	if (!log) throw new Error('no daemon');
	log.warn({err: new Error(`the server said: ${secret}`)}, 'a delivery failed');
	log.info({automation: 'welcome'}, 'automation');
	await onDisk(log);
	const said = readFileSync(world.path('.sluice', 'log', 'daemon.log'), 'utf8');
	expect(said).toContain('the server said: ***');
	expect(said).toContain('"automation":"welcome"');
	expect(said).not.toContain('wo rd');
});
