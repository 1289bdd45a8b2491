import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import Database from 'better-sqlite3';
import {expect, onTestFinished, test} from 'vitest';
import {World} from '../daemon/support/world.js';
import {type Drop, type Habit, habits, randomFrom, withMarker} from './drop-writers.js';

const many = process.env.SLUICE_LONG ? 300 : 30;
const seed = Number(process.env.SLUICE_SEED ?? 1);
const settleMs = 1_500;
const names = ['plain', 'with space', "o'clock", 'größe', '100%', 'a#b', '.twice.', '(2)'];

test(`of ${many} files by writers of ten habits each file arrives once and whole, and leaves the folder`, {
	timeout: 900_000,
}, async () => {
	const world = await worldThatTakes();
	onTestFinished(() => world.end());
	const control = new Database(world.path('.sluice/control.db'), {readonly: true});
	onTestFinished(() => void control.close());
	const random = randomFrom(seed);
	const written: {readonly name: string; readonly versions: string[]; isVoid: boolean}[] = [];
	const all: [string, Habit][] = [...Object.entries(habits), ['marks with a second file', withMarker]];

	const drops = Array.from({length: many}, async (_, index) => {
		const [, habit] = all[index % all.length] ?? [];
		const folder = habit === withMarker ? 'marked' : 'drop';
		const name = `reported ${names[Math.floor(random() * names.length)]} ${index}.csv`;
		const path = world.path(folder, name);
		const own = {name, versions: [] as string[], isVoid: false};
		written.push(own);
		const runs = control.prepare(`SELECT count(*) n FROM history WHERE what = 'run' AND json_extract(detail, '$.file') = ?`);
		const drop: Drop = {
			path,
			staging: world.path('staging'),
			random: randomFrom(Math.floor(random() * 2 ** 31)),
			settleMs,
			version() {
				const rows = Array.from({length: 1 + Math.floor(drop.random() * 40)}, (_, row) => `${index}-${own.versions.length}-${row}@x`);
				const text = `email\n${rows.join('\n')}\n`;
				own.versions.push(text);
				return text;
			},
			void: () => {
				own.isVoid = true;
			},
			taken: () => until(() => own.isVoid || (runs.get(path) as {n: number}).n >= own.versions.length),
			gone: () => until(() => !existsSync(path)),
		};
		await pause(random() * many * 100);
		await habit?.(drop);
	});
	await Promise.all(drops);
	await until(() => readdirSync(world.path('drop')).length + filesIn('marked').length === 0);

	function filesIn(folder: string): readonly string[] {
		return readdirSync(world.path(folder)).filter((name) => written.some((one) => one.name === name));
	}
	const inputs = inputsOf(world.path('.sluice/executions'));
	const judged = written.filter(({isVoid}) => !isVoid);
	for (const {name, versions} of judged) expect(inputs.get(name)?.toSorted(), name).toEqual(versions.toSorted());
	if (judged.length === many) {
		expect((control.prepare(`SELECT count(*) n FROM executions WHERE status <> 'completed'`).get() as {n: number}).n).toBe(0);
		const moved = readdirSync(world.path('done'), {recursive: true, withFileTypes: true}).filter((entry) => entry.isFile());
		const whole = new Set(written.flatMap(({versions}) => versions));
		expect(moved.filter((entry) => !whole.has(readFileSync(join(entry.parentPath, entry.name), 'utf8')))).toEqual([]);
	}
	console.log(`seed ${seed}: ${judged.length} of ${many} writers were quick enough to be judged`);
	// Three of the ten habits pause with no file open; the others are judged on the slowest machine.
	expect(judged.length).toBeGreaterThan(many / 2);
});

/** Three folders: what comes to `drop` is moved away, what comes to `marked` needs a marker and is deleted. */
async function worldThatTakes(): Promise<World> {
	const world = new World('name: test\nlimits: {max_running_executions: 4}\n');
	for (const folder of ['drop', 'marked', 'staging']) {
		mkdirSync(world.path(folder));
		chmodSync(world.path(folder), 0o777);
	}
	chmodSync(world.dir, 0o755);
	const more = 'schedule: {cadence: 1}\nsettings: {max_concurrent_executions: 4}\n';
	world.connector(
		'feed',
		`${more}source: {file: "drop/*.csv", settle: ${settleMs / 1_000}, retention: {after_success: move, to: "done/{date}"}}\n`,
	);
	world.connector('marked', `${more}source: {file: "marked/*", done_marker: "{file}.ok", retention: {after_success: delete}}\n`);
	const client = await world.start();
	for (const name of ['feed', 'marked']) await client.activate(name);
	return world;
}

/** What executions were given, by the name of the file. */
function inputsOf(folder: string): ReadonlyMap<string, readonly string[]> {
	const inputs = new Map<string, string[]>();
	for (const entry of readdirSync(folder, {recursive: true, withFileTypes: true})) {
		if (!entry.isFile() || !entry.name.endsWith('.csv')) continue;
		inputs.set(entry.name, [...(inputs.get(entry.name) ?? []), readFileSync(join(entry.parentPath, entry.name), 'utf8')]);
	}
	return inputs;
}

async function until(done: () => boolean): Promise<void> {
	while (!done()) await pause(50);
}
