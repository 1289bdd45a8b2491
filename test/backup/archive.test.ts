import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {TextReader, Uint8ArrayWriter, ZipWriter, type ZipWriterAddDataOptions} from '@zip.js/zip.js';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {isTableLink} from '../../source/daemon/backup/manifest.js';
import {restore} from '../../source/daemon/backup/restore.js';
import {control as openControlRoom} from '../../source/daemon/control/control.js';
import {newestControlVersion} from '../../source/daemon/control/open.js';

let folder: string;
let controlBytes: Buffer;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'sluice-restore-'));
	const control = openControlRoom(join(folder, 'control.db'));
	control.close();
	controlBytes = readFileSync(join(folder, 'control.db'));
});

afterEach(() => rmSync(folder, {recursive: true}));

type Member = readonly [name: string, content: string | Buffer, options?: ZipWriterAddDataOptions];

const manifest = (more: object = {}) =>
	JSON.stringify({format: 1, made_at: '2026-11-20T10:00:00.000Z', program: '0.1.0', workspace: '/w', files: 2, links: [], ...more});

/** A backup of an empty workspace, with more or other members. */
async function archive(members: readonly Member[], said: string | null = manifest({files: 2 + members.length})): Promise<string> {
	const zip = new ZipWriter(new Uint8ArrayWriter(), {useWebWorkers: false});
	const all: readonly Member[] = [
		...(said === null ? [] : [['.sluice/backup.json', said] as const]),
		...members,
		...[['.sluice/control.db', controlBytes] as const, ['sluice.yaml', 'name: test\n'] as const].filter(
			([name]) => !members.some(([other]) => other === name),
		),
	];
	for (const [name, content, options] of all)
		await zip.add(name, typeof content === 'string' ? new TextReader(content) : new Blob([new Uint8Array(content)]).stream(), options);
	const file = join(folder, 'backup.zip');
	writeFileSync(file, await zip.close());
	return file;
}

const target = () => join(folder, 'a/b/restored');
const tried = (file: string) => restore({file, dir: target(), actor: {who: 'ann', from: 'cli'}});

async function refused(file: string, code: string, message: string): Promise<void> {
	await expect(tried(file)).rejects.toMatchObject({code, message: expect.stringContaining(message), cure: expect.any(String)});
	expect(readdirSync(folder).filter((name) => name === 'a')).toEqual([]);
}

test('a backup becomes a workspace, also one of an earlier version, which says less of itself', async () => {
	expect(await tried(await archive([['connectors/c/sample.csv', 'a\n']]))).toMatchObject({workspace: target(), from: '/w', queued: 0});
	expect(readdirSync(target()).sort()).toEqual(['.sluice', 'connectors', 'sluice.yaml']);
	rmSync(join(folder, 'a'), {recursive: true});
	expect(await tried(await archive([], null))).toMatchObject({made_at: null, from: null});
});

test.each([
	'../outside.txt',
	'connectors/../../outside.txt',
	'/tmp/outside.txt',
	'.sluice/../../outside.txt',
	'.sluice/daemon.sock',
	'.sluice/executions/../../../outside.txt',
	'.bashrc',
	'connectors//x',
	'a\\..\\outside.txt',
])('an archive with the name %s is refused', async (name) => {
	await refused(await archive([[name, 'x']]), 'restore.unsafe', 'is no place of a workspace');
});

test('an archive with a link, or one that its manifest would make outside of the tables, is refused', async () => {
	await refused(await archive([['connectors/c/sample.csv', '/etc/passwd', {unixMode: 0o120777}]]), 'restore.unsafe', 'is a link');
	const chdb = '.sluice/executions/01a22e45-a1b6-707a-acba-49382e44708d/chdb';
	const leads = (path: string, to: string) => manifest({links: [{path, target: to}]});
	await refused(await archive([], leads(`${chdb}/metadata/run`, '/etc')), 'restore.unsafe', 'leads to "/etc"');
	await refused(await archive([], leads(`${chdb}/metadata/run`, '../../../../control.db')), 'restore.unsafe', 'leads to');
	await refused(await archive([], leads('connectors/c', '../..')), 'restore.unsafe', 'leads to');
	expect(isTableLink({path: `${chdb}/metadata/run`, target: '../store/1d6/1d64d2f0'})).toBe(true);
});

test('a file that is no backup, or not whole, is refused with what is wrong', async () => {
	const whole = readFileSync(await archive([]));
	const file = join(folder, 'other.zip');
	const of = (bytes: Buffer | string): string => {
		writeFileSync(file, bytes);
		return file;
	};
	await refused(join(folder, 'none.zip'), 'restore.not_a_backup', 'there is no such file');
	await refused(folder, 'restore.not_a_backup', 'it is no regular file');
	await refused(of('a text'), 'restore.not_a_backup', 'it is no zip');
	await refused(of(whole.subarray(0, whole.length - 300)), 'restore.damaged', 'its end is missing');
	const flipped = Buffer.from(whole);
	for (let index = 600; index < 700; index++) flipped[index] = ~(flipped[index] ?? 0) & 0xff;
	await refused(of(flipped), 'restore.damaged', 'The backup is damaged');
	await refused(await archive([], manifest({files: 9})), 'restore.damaged', 'it holds 2 files, and says that it holds 9');
	await refused(
		await archive([['.sluice/control.db', 'no database at all, but long enough to be looked at'.repeat(9)]], manifest()),
		'restore.damaged',
		'control.db in it is damaged',
	);
});

test('a backup of a newer version is refused', async () => {
	await refused(await archive([], manifest({format: 2, program: '9.0.0'})), 'restore.newer', 'Sluice 9.0.0');
	const {default: Sqlite} = await import('better-sqlite3');
	const control = new Sqlite(join(folder, 'control.db'));
	control.pragma(`user_version = ${newestControlVersion() + 1}`);
	control.close();
	controlBytes = readFileSync(join(folder, 'control.db'));
	await refused(await archive([]), 'state.newer', `control.db has version ${newestControlVersion() + 1}`);
});
