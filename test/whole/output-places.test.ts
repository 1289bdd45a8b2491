import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, linkSync, lstatSync, mkdirSync, readFileSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, beforeEach, expect, test} from 'vitest';
import type {Client} from '../../source/api/client.js';
import type {ArtifactName} from '../../source/api/contract.js';
import type {SluiceError} from '../../source/model/errors.js';
import {itemsWorkspace, type TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;
let restore: () => Promise<void>;

beforeAll(async () => {
	workspace = itemsWorkspace(10);
	expect(await workspace.cli('activate', 'items')).toMatchObject({code: 0});
	await workspace.run('items', workspace.write('in.csv', 'code,name\nA,one\n'));
	restore = await workspace.snapshot();
});

beforeEach(() => restore());

afterAll(() => workspace.close());

const at = (path: string) => join(workspace.dir, path);
const sum = (path: string) =>
	createHash('sha256')
		.update(readFileSync(at(path)))
		.digest('hex');

type Write = (client: Client, to: string) => Promise<unknown>;
const artifact =
	(kind: ArtifactName, safe = false): Write =>
	(client, to) =>
		client.export('last', {artifact: kind, to, safe_csv: safe});

/** Everything that writes a file where a person says. */
const outputs: Readonly<Record<string, Write>> = {
	backup: (client, to) => client.backup(to),
	report: artifact('report'),
	'sql-output': artifact('sql_output'),
	'sql-output --safe-csv': artifact('sql_output', true),
	input: artifact('input'),
};

/** What writing to each place said, by output and place. */
async function said(places: readonly string[]): Promise<Readonly<Record<string, string>>> {
	const client = await workspace.client();
	const words: Record<string, string> = {};
	for (const [name, write] of Object.entries(outputs))
		for (const place of places)
			words[`${name} ${place}`] = await write(client, place.startsWith('/') ? place : `${workspace.dir}/${place}`).then(
				() => 'written',
				(error: SluiceError) => `${error.code}: ${error.message}`,
			);
	return words;
}

const everywhere = (places: readonly string[], wanted: (place: string) => unknown) =>
	Object.fromEntries(Object.keys(outputs).flatMap((name) => places.map((place) => [`${name} ${place}`, wanted(place)])));

test('no output is written onto the configuration or the state, by no path, link or name', async () => {
	symlinkSync(at('connectors'), at('other'));
	symlinkSync(at('.sluice/sluice.db'), at('link.db'));
	linkSync(at('.sluice/control.db'), at('hard.db'));
	mkdirSync(at('shared'));
	const kept = ['sluice.yaml', 'objects/items.yaml', 'connectors/items/connector.yaml'];
	const before = kept.map(sum);
	const places = [
		'.sluice/sluice.db',
		'.sluice/sluice.db-wal',
		'.sluice/new.zip',
		'.sluice/executions/new.zip',
		'sluice.yaml',
		'objects/items.yaml',
		'objects/new.yaml',
		'connectors/../connectors/items/connector.yaml',
		'other/items/connector.yaml',
		'automations',
		'link.db',
		'hard.db',
	];
	const onto = expect.stringMatching(/^export.refused: This would write onto the (configuration|state) of the workspace/);
	expect(await said(places)).toEqual(everywhere(places, () => onto));
	expect(kept.map(sum)).toEqual(before);
	expect(await workspace.json(['records', 'items'])).toMatchObject([{fields: {code: 'A'}}]);
	expect(await workspace.cli('backup', 'shared/whole.zip')).toMatchObject({code: 0});
}, 60_000);

test('an output replaces nothing but a regular file, as root too', async () => {
	execFileSync('mkfifo', [at('pipe')]);
	symlinkSync(at('nowhere'), at('dangling'));
	symlinkSync(at('circle'), at('circle'));
	symlinkSync('/dev/null', at('null'));
	mkdirSync(at('folder'));
	const wanted = {
		'/dev/null': 'A device is there',
		null: 'A device is there',
		pipe: 'A pipe is there',
		dangling: 'A link that leads nowhere',
		circle: 'A link that leads in a circle',
		'circle/out': 'A link in this path leads in a circle',
	};
	const places = Object.keys(wanted);
	expect(await said(places)).toEqual(
		everywhere(places, (place) => expect.stringContaining(`export.refused: ${wanted[place as keyof typeof wanted]}`)),
	);
	expect(await workspace.cli('backup', 'folder')).toMatchObject({code: 1, err: expect.stringContaining('A folder is there')});
	expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
	expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
	const old = workspace.write('old.csv', 'old');
	symlinkSync(old, at('latest'));
	expect(await workspace.cli('input', 'last', '--to', 'latest')).toMatchObject({code: 0});
	expect(readFileSync(old, 'utf8')).toBe('code,name\nA,one\n');
	expect(lstatSync(at('latest')).isSymbolicLink()).toBe(true);
}, 60_000);

test('an export is refused the configuration and the state, and writes elsewhere in the workspace', async () => {
	symlinkSync(at('.sluice'), at('way'));
	for (const [name, to] of [
		['state', 'way/out.csv'],
		['configuration', 'connectors/items/out.csv'],
		['inside', 'exports/out.csv'],
	]) {
		workspace.write(`connectors/${name}/connector.yaml`, `name: ${name}\noperation: export\nexport: {object: items, to: ${to}}\n`);
		expect(await workspace.cli('activate', name ?? '')).toMatchObject({code: 0, err: ''});
	}
	for (const name of ['state', 'configuration'])
		expect(await workspace.json(['run', name], [1])).toMatchObject([{status: 'failed', error: {code: 'export.refused'}}]);
	expect(existsSync(at('.sluice/out.csv'))).toBe(false);
	expect(await workspace.json(['run', 'inside'])).toMatchObject([{status: 'completed'}]);
	expect(existsSync(at('exports/out.csv'))).toBe(true);
}, 60_000);
