import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {Client} from '../../source/api/client.js';
import {until, World, working} from './support/world.js';

const sql = 'CREATE TABLE output.input AS SELECT * FROM input.page_idx_0;\n';

let world: World;
let client: Client;

beforeEach(async () => {
	world = new World();
	world.connector('people', '', sql);
	client = await world.start();
});

afterEach(() => world.end());

/** Waits until the daemon says something new about a connector that satisfies `wanted`. */
async function connectorUntil(wanted: (status: string, reason: string | null) => boolean): Promise<void> {
	const abort = new AbortController();
	for await (const heard of client.events(abort.signal)) {
		if (heard.heard === 'lost') continue;
		const {status, reason} = await client.connector('people');
		if (wanted(status, reason)) break;
	}
	abort.abort();
}

test('everything that is missing is listed, and nothing is activated', async () => {
	world.write('connectors/bare/connector.yaml', 'name: Bare\ntype: spreadsheet\nobject: people\n');
	const refused = client.activate('bare');
	await expect(refused).rejects.toMatchObject({code: 'activation.refused', status: 409});
	const {missing = []} = ((await refused.catch((error: unknown) => error)) as {refusal: {missing?: string[]}}).refusal;
	expect(missing.length).toBeGreaterThanOrEqual(3);
	expect((await client.connector('bare')).status).toBe('setup');
});

test('SQL that does not run on the sample keeps a connector from being activated, and says at which line', async () => {
	world.connector('people', '', 'CREATE TABLE output.input AS\nSELECT BROKEN;\n');
	await expect(client.activate('people')).rejects.toThrow(/near BROKEN/);
	const {problems} = await client.validate('people');
	expect(problems).toMatchObject([{file: 'connectors/people/transform.sql', line: 2, column: 5, message: 'near BROKEN'}]);
	expect((await client.connector('people')).problems).toEqual(problems);
});

test('a changed SQL text deactivates, says why, and leaves what runs alone; going back needs no new validation', async () => {
	await client.activate('people');
	const {id} = await client.run(world.request('people', 'hold.csv'));
	await until(client, id, working);
	writeFileSync(world.path('.sluice', 'validations'), '');
	world.write('connectors/people/transform.sql', `-- new\n${sql}`);
	await connectorUntil((status) => status === 'inactive' && readFileSync(world.path('.sluice', 'validations'), 'utf8') !== '');
	const {reason, running} = await client.connector('people');
	expect({reason, running}).toEqual({reason: 'connectors/people/transform.sql changed', running: 1});
	const second = await client.run(world.request('people', 'quick.csv'));
	expect(second).toMatchObject({status: 'queued', waiting_for: 'activation'});
	writeFileSync(world.path('.sluice', 'executions', id, 'release'), '');
	expect(await until(client, id, ({status}) => status === 'completed')).toMatchObject({counts: {created: 2}});

	world.write('connectors/people/transform.sql', sql);
	await client.queue('people');
	await client.activate('people', {decision: {keep: 'all'}});
	// The new text was validated by itself, the old one was remembered.
	expect(readFileSync(world.path('.sluice', 'validations'), 'utf8')).toBe('x');
});

test('a configuration that becomes invalid while active holds the queue, and says so', async () => {
	await client.activate('people');
	world.write('connectors/people/connector.yaml', 'name: People\ntype: nonsense\n');
	const held = client.run(world.request('people', 'quick.csv'));
	await expect(held).rejects.toMatchObject({code: 'workspace.invalid'});
	const {status, problems} = await client.connector('people');
	expect(status).toBe('operational');
	expect(problems.length).toBeGreaterThan(0);
	expect((await client.status()).needs_you).toContainEqual(expect.objectContaining({kind: 'problem', connector: 'people'}));
	world.connector('people', '', sql);
	expect(await client.run(world.request('people', 'quick.csv'))).toMatchObject({waiting_for: expect.not.stringMatching('configuration')});
});

test('a half-written file is not taken: only what has been still', async () => {
	await client.activate('people');
	for (const part of ['na', 'name: Peo', 'name: People\ntype: spread']) world.write('connectors/people/connector.yaml', part);
	world.connector('people', '', sql);
	expect((await client.validate('people')).problems).toEqual([]);
	expect((await client.connector('people')).status).toBe('operational');
	expect((await client.history({connector: 'people'})).items.map(({what}) => what)).toEqual(['activate']);
});

test('an incomplete configuration must be accepted before a dry run', async () => {
	world.write('connectors/bare/connector.yaml', 'name: Bare\ntype: spreadsheet\nobject: people\nsample_file: sample.csv\n');
	world.write('connectors/bare/sample.csv', 'email\na@x\n');
	const request = world.request('bare', 'quick.csv', {mode: 'dry'});
	await expect(client.run(request)).rejects.toMatchObject({
		code: 'run.incomplete',
		refusal: {missing: expect.arrayContaining([expect.any(String)])},
	});
	expect(await client.run({...request, accept_incomplete: true})).toMatchObject({mode: 'dry'});
	world.write('connectors/bare/connector.yaml', 'name: Bare\ntype: spreadsheet\nobject: people\n');
	await expect(client.run({...request, input: null, accept_incomplete: true})).rejects.toMatchObject({
		code: 'usage.invalid',
		message: 'A dry run of bare needs an input file: it has neither a source nor a sample',
	});
});

test('an unknown connector is named with the nearest one', async () => {
	await expect(client.activate('poeple')).rejects.toMatchObject({code: 'usage.unknown', cure: 'Did you mean "people"?', status: 404});
	expect(existsSync(world.path('.sluice', 'sluice.db'))).toBe(true);
});

/** Waits until the daemon has judged a connector by itself. */
async function judged(name: string, wanted: (lacks: readonly string[]) => boolean): Promise<readonly string[]> {
	const abort = new AbortController();
	try {
		for await (const heard of client.events(abort.signal)) {
			if (heard.heard === 'lost') continue;
			const {lacks} = await client.connector(name);
			if (wanted(lacks)) return lacks;
		}
	} finally {
		abort.abort();
	}
	throw new Error('The stream of events ended');
}

test('a connector without SQL is judged by itself, so that a screen can offer to activate it', async () => {
	world.connector('plain');
	await client.validate('people');
	expect(await judged('plain', (lacks) => lacks.length === 0)).toEqual([]);
});

test('without SQL the sample is read to its end, and what every run would say of it is told where it is named', async () => {
	world.connector('open');
	world.write('connectors/open/sample.csv', 'email,name\na@x,"Ann\nb@x,Ben\n');
	world.connector('header');
	world.write('connectors/header/sample.csv', 'email,name\n');
	const place = (name: string) => ({file: `connectors/${name}/connector.yaml`, line: 4, column: 14});
	expect((await client.validate('open')).problems).toMatchObject([{...place('open'), code: 'intake.unterminated_quote'}]);
	expect((await client.validate('header')).problems).toMatchObject([{...place('header'), code: 'intake.no_rows', severity: 'warning'}]);
	await expect(client.activate('open')).rejects.toThrow(
		'open cannot be activated: a sample file that can be run: connectors/open/connector.yaml:4:14  A quote opened on line 2 of sample.csv is never closed',
	);
	await client.activate('header');
	world.write('connectors/open/sample.csv', 'email,name\na@x,"Ann"\n');
	await client.activate('open');
});

test('secrets that are not set are told once each, where they are named, and setting them is enough', async () => {
	world.connector(
		'calls',
		[
			'secrets: [vendor_db, other_db]',
			'source: {url: "https://example.com/${secret:path}", headers: {Authorization: "Bearer ${secret:feed} ${secret:path}"}}',
			'settings: {execution_ended_webhook: {url: "https://example.com/hook", secret: hook_key}}',
			'',
		].join('\n'),
	);
	const unset = (await client.validate('calls')).problems;
	expect(unset.map(({message}) => message)).toEqual(
		['vendor_db', 'other_db', 'path', 'feed', 'hook_key'].map((name) => `The secret "${name}" is not set`),
	);
	expect(unset.map(({line, column}) => `${line}:${column}`)).toEqual(['13:11', '13:22', '14:15', '14:78', '15:79']);
	expect((await client.connector('calls')).problems).toEqual(unset);
	expect(unset.filter(({severity}) => severity === 'warning').map(({message}) => message)).toEqual(['The secret "hook_key" is not set']);
	const refused = await client.activate('calls').catch((error: unknown) => error);
	const {missing = []} = (refused as {refusal: {missing?: string[]}}).refusal;
	expect(missing).toEqual(
		unset.slice(0, 4).map(({line, column, message}) => `a secret: connectors/calls/connector.yaml:${line}:${column}  ${message}`),
	);
	for (const name of ['vendor_db', 'other_db', 'hook_key', 'path', 'feed']) await client.setSecret(name, 'a text');
	expect((await client.connector('calls')).problems).toEqual([]);
	await client.activate('calls');
});
