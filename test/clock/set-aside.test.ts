import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {moveFile} from '../../source/daemon/retention/move-file.js';
import {placeAt, putBack, setAside} from '../../source/daemon/retention/set-aside.js';
import {inTargetFolder} from '../../source/daemon/retention/target-folder.js';
import {statOf} from '../../source/daemon/source/source-files.js';
import {World} from '../daemon/support/world.js';

let dir: string;

beforeEach(() => {
	dir = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-aside-')));
	mkdirSync(at('drop'));
});

afterEach(() => rmSync(dir, {recursive: true, force: true}));

function at(...parts: string[]): string {
	return join(dir, ...parts);
}

async function taken(path: string) {
	const {stat} = (await statOf(path)) ?? {stat: ''};
	return {connector: 'feed', path, stat, mark: stat, execution: '01', takenAt: '', state: 'taken'} as const;
}

test('only the file that was taken is set aside; another one of its name keeps it, and a second try finds what the first has set aside', async () => {
	writeFileSync(at('drop/a.csv'), 'first');
	const first = await taken(at('drop/a.csv'));
	writeFileSync(at('drop/a.csv'), 'the second');
	expect(await setAside(first)).toBe(null);
	const second = await taken(at('drop/a.csv'));
	const aside = at('drop/.sluice-01');
	expect([await setAside(second), await setAside(second)]).toEqual([aside, aside]);
	expect(readdirSync(at('drop'))).toEqual(['.sluice-01']);
	writeFileSync(at('drop/a.csv'), 'the third');
	expect(await putBack(aside, at('drop/a.csv'))).toBe(false);
	expect(readFileSync(at('drop/a.csv'), 'utf8')).toBe('the third');
	expect(await putBack(aside, at('drop/b.csv'))).toBe(true);
	expect(await placeAt(at('drop/b.csv'), at('drop/a.csv'))).toBe(false);
	expect(readdirSync(at('drop')).sort()).toEqual(['a.csv', 'b.csv']);
});

test('no link leads files elsewhere: neither the folder of the day nor any below the folder of the source', async () => {
	mkdirSync(at('elsewhere'));
	mkdirSync(at('done'));
	const where = {date: '2026-11-30', ours: at('drop')};
	const move = (to: string) => {
		writeFileSync(at('drop/a.csv'), 'x');
		return inTargetFolder(at(to), where, (folder) => moveFile(at('drop/a.csv'), folder, 'a.csv', '01'));
	};
	symlinkSync(at('elsewhere'), at('done/2026-11-30'));
	symlinkSync(at('elsewhere'), at('drop/done'));
	for (const to of ['done/{date}', 'done/{date}/feed', 'drop/done', 'drop/done/{date}']) {
		await expect(move(to)).rejects.toMatchObject({code: 'source.failed', where: expect.stringMatching(/done(\/2026-11-30)?$/)});
	}
	writeFileSync(at('done/plain-2026-11-30'), '');
	await expect(move('done/plain-{date}')).rejects.toMatchObject({code: 'source.failed'});
	expect(readdirSync(at('elsewhere'))).toEqual([]);
	expect(existsSync(at('drop/a.csv'))).toBe(true);

	// What the administrator has made a link may be one.
	symlinkSync(at('elsewhere'), at('archive'));
	await move('archive/day-{date}/feed');
	await move('archive/day-{date}/feed');
	expect(readdirSync(at('elsewhere/day-2026-11-30/feed'))).toEqual(['a.csv']);
	await move('drop/own/{date}');
	expect(readdirSync(at('drop/own/2026-11-30'))).toEqual(['a.csv']);
});

test('a file that cannot be moved stays under its name and is not taken again, holds up no other, and needs someone until it has gone', async () => {
	const world = new World('name: test\n');
	try {
		const feed = (name: string) =>
			world.connector(
				name,
				`schedule: {cadence: 1}\nsource: {file: "${name}/*.csv", settle: 0.2, retention: {after_success: move, to: "done/${name}-{date}"}}\n`,
			);
		for (const name of ['one', 'two']) {
			feed(name);
			mkdirSync(world.path(name));
		}
		world.write('one/reported-a.csv', 'email\na@x\n');
		mkdirSync(world.path('done'));
		const day = new Date().toISOString().slice(0, 10);
		symlinkSync(dir, world.path('done', `one-${day}`));
		const client = await world.start();
		for (const name of ['one', 'two']) await client.activate(name);
		const needs = async () => (await client.status()).needs_you.filter(({kind}) => kind === 'waiting');
		const reach = async (done: () => Promise<boolean>) => {
			while (!(await done())) await pause(50);
		};
		await reach(async () => (await needs()).length === 1);
		expect(await needs()).toMatchObject([
			{connector: 'one', message: expect.stringContaining('reported-a.csv could not be moved or deleted: Files are not moved here')},
		]);
		world.write('two/reported-b.csv', 'email\nb@x\n');
		await reach(async () => readdirSync(world.path('two')).length === 0);
		expect(readdirSync(world.path('one'))).toEqual(['reported-a.csv']);
		expect(readdirSync(dir)).toEqual(['drop']);
		rmSync(world.path('done', `one-${day}`));
		world.write('two/reported-c.csv', 'email\nc@x\n');
		await reach(async () => readdirSync(world.path('one')).length === 0 && (await needs()).length === 0);
		expect((await client.executions({})).items.map(({input_file}) => input_file).sort()).toEqual([
			'reported-a.csv',
			'reported-b.csv',
			'reported-c.csv',
		]);
		world.write('one/stay.csv.part', '');
		symlinkSync(dir, world.path('one', 'link.csv'));
		await reach(async () => (await needs()).length === 1);
		expect((await needs())[0]?.message).toBe(
			'An entry of the drop folder is left alone: link.csv is a link. Put the files themselves there, or take them away',
		);
		rmSync(world.path('one', 'link.csv'));
		await reach(async () => (await needs()).length === 0);
	} finally {
		await world.end();
	}
});
