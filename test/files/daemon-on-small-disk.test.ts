import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Client} from '../../source/api/client.js';
import {connect} from '../../source/api/connect.js';
import {startTime} from '../../source/platform/processes.js';
import {ended, until, World} from '../daemon/support/world.js';
import {SmallDisk} from '../support/small-disk.js';

/* What a person asks the daemon to write goes to a disk that is full: nothing is reported as done, and what was there stays. */

const disk = SmallDisk.mount();
let world: World;
let client: Client;
let execution = '';

beforeAll(async () => {
	world = new World();
	world.connector('people');
	client = await world.start();
	const request = world.request('people', 'quick.csv', {mode: 'dry', accept_incomplete: true});
	writeFileSync(request.input ?? '', `email\n${'a@x\n'.repeat(20_000)}`);
	const queued = await client.run(request);
	execution = (await until(client, queued.id, ended)).id;
}, 60_000);

afterAll(async () => {
	await world.end();
	disk?.unmount();
});

test.for(['input', 'backup'] as const)('%s --to a full disk', async (what, {skip}) => {
	if (!disk) return skip(SmallDisk.lack);
	const to = join(disk.path, `${what}.out`);
	const write = () => (what === 'backup' ? client.backup(to) : client.export(execution, {artifact: 'input', to}));
	writeFileSync(to, 'old');
	if (what === 'backup')
		world.write(
			'objects/large.yaml',
			`# ${Array.from({length: 30_000}, (_, n) => n.toString(36)).join(' ')}\nname: L\nfields: [{api_name: a, name: A, type: text, identifier: true}]\n`,
		);
	disk.fill(1);
	await expect(write()).rejects.toMatchObject({
		code: 'export.failed',
		message: expect.stringContaining('could not be written: no space left on device (ENOSPC)'),
		where: to,
		cure: expect.stringContaining('space'),
	});
	expect(readFileSync(to, 'utf8')).toBe('old');
	expect(readdirSync(disk.path).filter((name) => name.endsWith('.partial'))).toEqual([]);
	disk.empty();
	const written = await write();
	expect(written).toMatchObject({path: to});
	expect(existsSync(to)).toBe(true);
	expect(readFileSync(to, 'utf8')).not.toBe('old');
	const [handedOver] = (await client.history()).items;
	expect(handedOver).toMatchObject({what: what === 'backup' ? 'backup' : 'export', detail: {to, bytes: written.bytes}});
});

test('a daemon that cannot start on a full disk is known by its reason, though its log holds nothing', async ({skip}) => {
	if (!disk) return skip(SmallDisk.lack);
	const dir = join(disk.path, 'workspace');
	disk.empty();
	mkdirSync(dir);
	writeFileSync(join(dir, 'sluice.yaml'), '');
	const program = [process.execPath, '-e', 'process.exit(1)'];
	await expect(connect({workspaceDir: dir, program})).rejects.toMatchObject({code: 'daemon.start_failed'});
	disk.fill(0);
	await expect(connect({workspaceDir: dir, program})).rejects.toMatchObject({
		code: 'daemon.disk',
		message: 'The daemon could not start: its state cannot be written: no space left on device (ENOSPC)',
		where: join(dir, '.sluice'),
	});
	expect(readdirSync(join(dir, '.sluice', 'log'))).toEqual(['daemon.log']);
	disk.empty();
});

test('a daemon whose databases find no room when it starts says which disk is full', async ({skip}) => {
	const small = SmallDisk.mount(3072);
	if (!small) return skip(SmallDisk.lack);
	try {
		const dir = join(small.path, 'workspace');
		mkdirSync(dir, {mode: 0o700});
		writeFileSync(join(dir, 'sluice.yaml'), 'name: small\n');
		const program = [process.execPath, resolve('dist/cli.js'), 'daemon', 'run', '--idle', '--workspace', dir];
		const started = await connect({workspaceDir: dir, program});
		const {pid} = await started.daemon();
		await started.stopDaemon();
		while (startTime(pid) !== '') await pause(20);
		small.fill(0);
		await expect(connect({workspaceDir: dir, program})).rejects.toMatchObject({code: 'daemon.disk', where: join(dir, '.sluice')});
	} finally {
		small.unmount();
	}
});
