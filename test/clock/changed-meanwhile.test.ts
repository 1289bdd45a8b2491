import {spawn} from 'node:child_process';
import {
	chmodSync,
	chownSync,
	closeSync,
	existsSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {Client} from '../../source/api/client.js';
import {connect} from '../../source/api/connect.js';
import {startTime} from '../../source/platform/processes.js';
import {World} from '../daemon/support/world.js';
import {mayBeAnother} from '../support/other-user.js';

const launcher = fileURLToPath(new URL('../daemon/launch.mjs', import.meta.url));

let world: World;

beforeEach(() => {
	world = new World('name: test\n');
	mkdirSync(world.path('drop'));
});

afterEach(async () => {
	for (const name of ['SLUICE_FAILPOINT', 'SLUICE_FAILPOINT_MARKER', 'SLUICE_FAILPOINT_SIGNAL']) delete process.env[name];
	const client = await connect({workspaceDir: world.dir, start: false}).catch(() => null);
	const pid = (await client?.daemon())?.pid;
	await client?.stopDaemon();
	while (pid && startTime(pid) !== '') await new Promise(setImmediate);
	await world.end();
});

const feed = (source: string): void => world.connector('feed', `schedule: {cadence: 1}\nsource: {file: "drop/*", ${source}}\n`);

const begin = (...program: string[]): Promise<Client> =>
	connect({workspaceDir: world.dir, program: [process.execPath, ...program, world.dir]});

const text = (name: string): string => `email\n${name}@x\n`;

test('what moves, vanishes, turns into a link or is written anew between the look and the take is no failed run, and is looked at again', async () => {
	feed('done_marker: "{file}.ok"');
	for (const name of ['gone', 'away', 'link', 'anew', 'stays']) {
		world.write(`drop/${name}.csv`, text(name));
		world.write(`drop/${name}.csv.ok`, '');
	}
	const marker = world.path('frozen');
	Object.assign(process.env, {
		SLUICE_FAILPOINT: 'daemon.source.listed',
		SLUICE_FAILPOINT_MARKER: marker,
		SLUICE_FAILPOINT_SIGNAL: 'SIGSTOP',
	});
	const client = await begin(launcher);
	const {pid} = await client.daemon();
	await client.activate('feed').catch(() => undefined);
	while (!existsSync(marker) || !isStopped(pid)) await pause(10);
	rmSync(world.path('drop/gone.csv'));
	renameSync(world.path('drop/away.csv'), world.path('away.csv'));
	rmSync(world.path('drop/link.csv'));
	symlinkSync(world.path('sluice.yaml'), world.path('drop/link.csv'));
	writeFileSync(world.path('drop/anew.csv'), text('written'));
	writeFileSync(world.path('drop/anew.csv.ok'), '');
	process.kill(pid, 'SIGCONT');

	const again = await begin(launcher);
	const executions = async () => (await again.executions({})).items;
	while ((await executions()).length < 2 || (await executions()).some(({ended_at: at}) => at === null)) await pause(50);
	expect((await executions()).map(({input_file: file, status}) => [file, status]).toSorted()).toEqual([
		['anew.csv', 'completed'],
		['stays.csv', 'completed'],
	]);
	const inputs = (await executions()).map(({artifacts}) => readFileSync(artifacts.input ?? '', 'utf8'));
	expect(inputs.toSorted()).toEqual([text('stays'), text('written')]);
	const {items} = await again.history({connector: 'feed'});
	expect(items.filter(({what}) => what === 'left alone').map(({detail}) => detail.files)).toEqual([
		[`${world.path('drop/link.csv')} is a link`],
	]);
});

test('a daemon that is not root, and does not see that another user has a file open, takes it when it has rested, and says which it may not read', async () => {
	const descriptor = openSync(world.path('drop/a.csv'), 'a');
	const writer = spawn('sh', ['-c', 'printf "email\\na@x\\n" >&3; read line'], {stdio: ['pipe', 'ignore', 'ignore', descriptor]});
	closeSync(descriptor);
	if (mayBeAnother) {
		chmodSync(world.path('drop'), 0o777);
		for (const path of ['.', ...readdirSync(world.dir, {recursive: true, encoding: 'utf8'})])
			if (!path.endsWith('a.csv')) chownSync(world.path(path), 65_534, 65_534);
		process.setegid?.(65_534);
		process.seteuid?.(65_534);
	}
	try {
		feed('settle: 0.5');
		world.write('drop/closed.csv', text('closed'));
		chmodSync(world.path('drop/closed.csv'), 0);
		const client = await world.start();
		await client.activate('feed');
		const executions = async () => (await client.executions({})).items;
		const until = async (many: number) => {
			while ((await executions()).length < many || (await executions()).some(({ended_at: at}) => at === null)) await pause(50);
		};
		// Only root sees it open: the others have its rest alone.
		const first = mayBeAnother ? 2 : 1;
		await until(first);
		const [failure] = (await executions()).filter(({status}) => status === 'failed');
		expect(failure?.error).toMatchObject({
			code: 'source.failed',
			message: 'A file of the source cannot be read',
			where: world.path('drop/closed.csv'),
			cure: 'Give the user that runs Sluice the right to read it: it is taken at the next look.',
		});
		world.write('drop/b.csv', text('b'));
		await until(first + 1);
		chmodSync(world.path('drop/closed.csv'), 0o644);
		await until(first + 2);
		expect((await executions()).map(({input_file: file, status}) => [file, status]).toSorted()).toEqual([
			[null, 'failed'],
			...(mayBeAnother ? [['a.csv', 'completed']] : []),
			['b.csv', 'completed'],
			['closed.csv', 'completed'],
		]);
	} finally {
		writer.kill();
		await world.daemon?.stop();
		if (mayBeAnother) {
			process.seteuid?.(0);
			process.setegid?.(0);
		}
	}
});

function isStopped(pid: number): boolean {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
}
