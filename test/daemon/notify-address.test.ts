import {afterEach, expect, test} from 'vitest';
import {mailAddressPattern} from '../../source/model/mail-address.js';
import {TestWorkspace} from '../whole/workspace.js';
import {World} from './support/world.js';

let world: World | null = null;
let workspace: TestWorkspace | null = null;

afterEach(async () => {
	await world?.end();
	await workspace?.close();
	world = null;
	workspace = null;
});

test('one mail address is one, and nothing else is', () => {
	for (const address of ['ops@example.com', "o'neil+x@例え.jp", 'a@localhost']) expect(address).toMatch(mailAddressPattern);
	for (const text of ['', 'ops', '@x', 'a@', 'a@b@c', 'a@b, c@d', 'A <a@b>', 'a@b\nBcc: c@d', 'a b@c', 'a@b\u0000', 'a@b;c@d'])
		expect(text).not.toMatch(mailAddressPattern);
});

test('a run that is to notify no mail address is refused: nothing is queued', async () => {
	world = new World();
	world.connector('people');
	const client = await world.start();
	const refused = await client.run(world.request('people', 'quick.csv', {notify: 'not an address'})).catch((error: unknown) => error);
	expect(refused).toMatchObject({code: 'usage.invalid', status: 400, message: expect.stringContaining('notify: a mail address')});
	expect((await client.executions({})).items).toEqual([]);
});

test('--notify of no mail address: exit 2 and a plain message; in the files it is a problem at its place', async () => {
	workspace = new TestWorkspace({
		'sluice.yaml': 'name: x\nusers: {ann: ann}\n',
	});
	const run = await workspace.cli('run', 'x', '--dry-run', '--notify', 'nobody');
	expect(run).toMatchObject({code: 2, out: ''});
	expect(run.err).toContain('sluice: --notify "nobody" is not a mail address\n  expected: one address, such as ops@example.com\n');
	expect((await workspace.cli('validate')).out).toMatch(/sluice\.yaml:2:\d+ {2}.*ann/);
});
