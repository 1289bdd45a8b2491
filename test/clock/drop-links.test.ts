import {execFileSync} from 'node:child_process';
import {
	linkSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	realpathSync,
	renameSync,
	rmSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {pathsOf} from '../../source/daemon/paths.js';
import {moveFile} from '../../source/daemon/retention/move-file.js';
import {tokenOf} from '../../source/daemon/source/fingerprints.js';
import {openRegular} from '../../source/daemon/source/open-regular.js';
import {lookFor, sourceFiles} from '../../source/daemon/source/source-files.js';
import {keepInput} from '../../source/daemon/submit/keep-input.js';
import {ended, until, World} from '../daemon/support/world.js';

const realRunner = fileURLToPath(new URL('../../dist/source/engine/main.js', import.meta.url));

let dir: string;

beforeEach(() => {
	dir = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-drop-')));
	mkdirSync(join(dir, 'drop'));
	writeFileSync(join(dir, 'private'), 'email\nprivate@x\n');
});

afterEach(() => rmSync(dir, {recursive: true, force: true}));

const drop = (...parts: string[]): string => join(dir, 'drop', ...parts);

test('links, pipes, sockets and devices in a drop folder are named and never files; links among its folders are not followed', async () => {
	writeFileSync(drop('a.csv'), 'x\n');
	symlinkSync(join(dir, 'private'), drop('b.csv'));
	execFileSync('mkfifo', [drop('c.csv')]);
	const server = createServer().listen(drop('d.csv'));
	await new Promise<void>((resolve) => server.once('listening', resolve));
	mkdirSync(drop('e.csv'));
	mkdirSync(drop('in'));
	writeFileSync(drop('in', 'f.csv'), 'x\n');
	symlinkSync(dir, drop('out'));
	try {
		const flat = await lookFor(drop('*.csv'));
		expect(flat.files.map(({name}) => name)).toEqual(['a.csv']);
		expect(flat.leftAlone).toEqual([
			{path: drop('b.csv'), is: 'a link'},
			{path: drop('c.csv'), is: 'a pipe'},
			{path: drop('d.csv'), is: 'a socket'},
		]);
		const deep = await lookFor(drop('*', 'f.csv'));
		expect([deep.files.map(({path}) => path), deep.leftAlone]).toEqual([
			[drop('in', 'f.csv')],
			[
				{path: drop('b.csv'), is: 'a link'},
				{path: drop('out'), is: 'a link'},
			],
		]);
		expect((await lookFor('/dev/nul?')).leftAlone).toEqual([{path: '/dev/null', is: 'a device'}]);
		expect(await sourceFiles(drop('b.csv'))).toEqual([]);
	} finally {
		server.close();
	}
	symlinkSync(drop(), join(dir, 'own'));
	expect((await lookFor(join(dir, 'own', 'a.*'))).files.map(({name}) => name)).toEqual(['a.csv']);
});

test('what comes to the place of a file after it was looked at is neither read, copied nor moved', async () => {
	writeFileSync(drop('a.csv'), 'email\na@x\n');
	const [file] = await sourceFiles(drop('*.csv'));
	if (!file) throw new Error('no file');
	renameSync(drop('a.csv'), drop('kept'));
	const folder = pathsOf(dir, join(dir, '.sluice')).execution('01');
	for (const swap of [
		() => symlinkSync(join(dir, 'private'), drop('a.csv')),
		() => writeFileSync(drop('a.csv'), 'email\nb@x\n'),
		() => execFileSync('mkfifo', [drop('a.csv')]),
	]) {
		rmSync(drop('a.csv'), {force: true});
		swap();
		await expect(keepInput(folder, file.path, 'a.csv', file.identity)).rejects.toMatchObject({code: 'source.failed'});
	}
	rmSync(drop('a.csv'), {force: true});
	linkSync(drop('kept'), drop('a.csv'));
	await keepInput(folder, file.path, 'a.csv', file.identity);
	expect(readFileSync(folder.input('a.csv'), 'utf8')).toBe('email\na@x\n');

	symlinkSync(join(dir, 'private'), drop('l.csv'));
	await expect(moveFile(drop('l.csv'), join(dir, 'done'), 'l.csv', '01')).rejects.toMatchObject({code: 'source.failed'});
	expect(readdirSync(join(dir, 'done'))).toEqual([]);
	await expect(openRegular(drop('l.csv'))).rejects.toMatchObject({code: 'source.failed'});
	execFileSync('mkfifo', [drop('token')]);
	await expect(tokenOf(drop('token'))).rejects.toMatchObject({code: 'source.failed'});
});

test('a link in the folder of a source is left where it is, its target is not imported, and the history says so once', async () => {
	const world = new World('name: test\n');
	try {
		const past = new Date('2026-01-01T00:00:00Z');
		mkdirSync(world.path('drop'), {recursive: true});
		symlinkSync(join(dir, 'private'), world.path('drop', 'link.csv'));
		utimesSync(world.write('drop/a.csv', 'email\na@x\n'), past, past);
		world.connector(
			'feed',
			'schedule: {cadence: 1}\nsource: {file: "drop/*.csv", settle: 0.2, freshness: modified_time, retention: {after_success: move, to: done}}\n',
		);
		const client = await world.start(realRunner);
		const tried = await client.testSource('feed');
		expect(tried.found.map(({name}) => name)).toEqual(['a.csv', 'link.csv']);
		expect(tried.found[1]?.state).toBe('a link: left alone');
		await client.activate('feed');
		const first = async (): Promise<string> => {
			for (;;) {
				const [one] = (await client.executions({})).items;
				if (one) return one.id;
				await pause(20);
			}
		};
		await until(client, await first(), ended);
		utimesSync(world.write('drop/b.csv', 'email\nb@x\n'), past, past);
		while ((await client.executions({})).items.length < 2) await pause(20);
		const said = (await client.history({})).items.filter(({what}) => what === 'left alone');
		expect(said.map(({detail}) => detail.files)).toEqual([[`${world.path('drop', 'link.csv')} is a link`]]);
		expect((await client.executions({})).items.map(({input_file}) => input_file).sort()).toEqual(['a.csv', 'b.csv']);
		expect(readdirSync(world.path('drop'))).toContain('link.csv');
	} finally {
		await world.end();
	}
});
