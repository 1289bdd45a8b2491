import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {ended, until, World} from './support/world.js';

const production = 'name: Acme\nenvironment: production\ntimezone: UTC\nlimits: {max_running_executions: 7}\n';
const broken = 'name: Acme\nenvironment: production\n  timezone: [UTC\n';

let world: World;

beforeEach(() => {
	world = new World(production);
	world.connector('people');
});

afterEach(() => world.end());

const messages = async (client: Awaited<ReturnType<World['start']>>) => (await client.status()).needs_you.map(({message}) => message);
const lastStays = 'sluice.yaml is not valid: the last valid one stays in force until it is corrected';

test.each([
	['cannot be read as YAML', broken],
	['has an unknown key', `${production}enviroment: x\n`],
	['has a wrong value', production.replace('7', 'many')],
	['is empty', ''],
])('a sluice.yaml that %s leaves the last valid one in force, and is told', async (_, text) => {
	const client = await world.start();
	expect((await client.status()).daemon.environment).toBe('production');
	world.write('sluice.yaml', text);
	await expect(client.run(world.request('people', 'quick.csv'))).rejects.toMatchObject({code: 'run.confirm_needed'});
	const {daemon} = await client.status();
	expect(daemon.environment).toBe('production');
	expect(world.daemon?.services.configuration.workspace.settings.limits.maxRunningExecutions).toBe(7);
	expect(await messages(client)).toEqual(expect.arrayContaining([lastStays, expect.stringMatching(/^sluice\.yaml:\d+/)]));
	world.write('sluice.yaml', production.replace('7', '3'));
	await world.daemon?.services.configuration.refresh();
	expect(await messages(client)).not.toContain(lastStays);
	expect(world.daemon?.services.configuration.workspace.settings.limits.maxRunningExecutions).toBe(3);
});

test('a restart with a broken sluice.yaml begins with the last valid one', async () => {
	await world.start();
	await world.daemon?.stop();
	world.write('sluice.yaml', broken);
	const client = await world.start();
	expect((await client.status()).daemon.environment).toBe('production');
	expect(await messages(client)).toContain(lastStays);
	await expect(client.run(world.request('people', 'quick.csv'))).rejects.toMatchObject({code: 'run.confirm_needed'});
});

test('a daemon that never had a valid sluice.yaml starts no execution and delivers nothing, and both go on once it is valid', async () => {
	world.write('sluice.yaml', broken);
	const client = await world.start();
	await expect(client.run(world.request('people', 'ok.csv'))).rejects.toMatchObject({
		code: 'run.confirm_needed',
		message: 'sluice.yaml is not valid, so this workspace counts as production: name the connector to confirm',
	});
	const dry = await client.run(world.request('people', 'ok.csv', {mode: 'dry', notify: 'ann@example.com'}));
	expect(await client.execution(dry.id)).toMatchObject({status: 'queued', waiting_for: 'configuration'});
	expect(await messages(client)).toContain(
		'sluice.yaml is not valid, and no earlier one is known: no execution and no delivery starts until it is corrected',
	);
	world.daemon?.services.control.deliveries.add({
		...{id: 'mail_x', to: 'ann@example.com', execution: null, connector: null},
		payload: {kind: 'mail', subject: 'x', text: 'x', attachment: null},
	});
	world.daemon?.services.courier.wake();
	expect(existsSync(world.path('.sluice/outbox')) ? readdirSync(world.path('.sluice/outbox')) : []).toEqual([]);
	world.write('sluice.yaml', 'name: Acme\n');
	await world.daemon?.services.configuration.refresh();
	expect((await until(client, dry.id, ended)).status).toBe('completed');
	await expect.poll(() => readdirSync(world.path('.sluice/outbox'))).toContain('mail_x.eml');
	expect(readFileSync(world.path('.sluice/sluice.last-valid.yaml'), 'utf8')).toBe('name: Acme\n');
});
