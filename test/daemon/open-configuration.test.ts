import {chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {readWorkspace} from '../../source/workspace/read-workspace.js';
import {World} from './support/world.js';

let world: World;

beforeEach(() => {
	world = new World();
	world.connector('people', '', 'CREATE TABLE output.input AS SELECT * FROM input.page_idx_0;\n');
});

afterEach(() => world.end());

/** The problems of the connector `people`, and of the rest of the workspace. */
async function problems(group: number | null = null) {
	const {connectors, problems: others} = await readWorkspace(world.dir, {groupIdOf: async () => group});
	const [people] = connectors;
	const brief = (list: typeof others) => list.map(({code, file, message, expected}) => ({code, file, message, expected}));
	return {usable: people?.connector !== null, own: brief(people?.problems ?? []), others: brief(others)};
}

test.each([
	['connectors', 'connectors/people/connector.yaml'],
	['connectors/people', 'connectors/people/connector.yaml'],
	['connectors/people/connector.yaml', 'connectors/people/connector.yaml'],
	['connectors/people/transform.sql', 'connectors/people/connector.yaml'],
	['connectors/people/sample.csv', 'connectors/people/connector.yaml'],
])('%s that others can write is a problem of the connector, which cannot be used', async (path, file) => {
	expect(await problems()).toMatchObject({usable: true, own: []});
	chmodSync(world.path(path), 0o777);
	expect(await problems()).toEqual({
		usable: false,
		own: [
			{
				code: 'workspace.open_to_others',
				file,
				message: `${path} can be written by others`,
				expected: `chmod o-w ${world.path(path)}`,
			},
		],
		others: [],
	});
});

test.each(['objects', 'objects/people.yaml'])('%s that others can write is a problem of the object, and of what uses it', async (path) => {
	chmodSync(world.path(path), 0o777);
	const found = await problems();
	expect(found.others).toMatchObject([{code: 'workspace.open_to_others', file: 'objects/people.yaml'}]);
	expect(found).toMatchObject({usable: false, own: [{code: 'workspace.broken_reference'}]});
});

test('a link counts as what it leads to, and all the folders above that', async () => {
	const elsewhere = mkdtempSync(join(tmpdir(), 'sluice-shared-'));
	try {
		mkdirSync(join(elsewhere, 'sql'));
		writeFileSync(join(elsewhere, 'sql/t.sql'), 'CREATE TABLE output.input AS SELECT * FROM input.page_idx_0;\n');
		rmSync(world.path('connectors/people/transform.sql'));
		symlinkSync(join(elsewhere, 'sql/t.sql'), world.path('connectors/people/transform.sql'));
		expect(await problems()).toMatchObject({usable: true});
		chmodSync(elsewhere, 0o777);
		expect(await problems()).toMatchObject({usable: false, own: [{message: `${elsewhere} can be written by others`}]});
	} finally {
		rmSync(elsewhere, {recursive: true});
	}
});

test('a group may write only where `access` names it', async () => {
	const {chownSync} = await import('node:fs');
	if (process.getuid?.() !== 0) return;
	chownSync(world.path('objects/people.yaml'), 0, 4242);
	chmodSync(world.path('objects/people.yaml'), 0o664);
	expect((await problems()).others).toMatchObject([{message: 'objects/people.yaml can be written by the group 4242'}]);
	world.write('sluice.yaml', 'name: test\naccess: {group: staff}\n');
	expect(await problems(4242)).toMatchObject({usable: true, others: []});
	expect((await problems(4243)).others).toHaveLength(1);
});

test('settings stay as they were while others may write sluice.yaml, and nothing starts on such a file', async () => {
	const client = await world.start();
	await client.activate('people').catch(() => undefined);
	world.write('sluice.yaml', 'name: other\nenvironment: production\n');
	chmodSync(world.path('sluice.yaml'), 0o666);
	expect((await client.validate()).problems).toMatchObject([{code: 'workspace.open_to_others', file: 'sluice.yaml'}]);
	expect((await client.daemon()).environment).toBeNull();
	await world.daemon?.stop();
	await expect(world.start()).rejects.toMatchObject({
		code: 'workspace.open_to_others',
		where: world.path('sluice.yaml'),
		cure: expect.stringContaining(`chmod o-w ${world.path('sluice.yaml')}`),
	});
	chmodSync(world.path('sluice.yaml'), 0o644);
});

test('rights alone that change are seen, on the row of the connector and at its activation', async () => {
	const client = await world.start();
	chmodSync(world.path('connectors/people'), 0o777);
	expect((await client.validate('people')).problems).toMatchObject([{code: 'workspace.open_to_others'}]);
	expect((await client.status()).connectors).toMatchObject([{problems: [{message: 'connectors/people can be written by others'}]}]);
	await expect(client.activate('people')).rejects.toMatchObject({code: 'activation.refused'});
	await expect(client.run(world.request('people', 'quick.csv', {mode: 'dry', accept_incomplete: true}))).rejects.toThrow();
});
