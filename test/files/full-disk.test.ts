import {execFileSync} from 'node:child_process';
import {createHash, randomBytes} from 'node:crypto';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {createServer, type Server} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pino} from 'pino';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {writeProposals} from '../../source/api/write-proposals.js';
import {recallSettings, rememberSettings} from '../../source/daemon/configuration/last-valid.js';
import {control as openControl} from '../../source/daemon/control/control.js';
import type {StoredDelivery} from '../../source/daemon/control/deliveries.js';
import {sendMail} from '../../source/daemon/deliveries/mail.js';
import {ExecutionLogs} from '../../source/daemon/dispatch/execution-log.js';
import {readSnapshot, type Snapshot, writeSnapshot} from '../../source/daemon/dispatch/snapshot.js';
import {sendOutside} from '../../source/daemon/outgoing/request.js';
import {pathsOf} from '../../source/daemon/paths.js';
import {moveFile} from '../../source/daemon/retention/move-file.js';
import {RotatedFile} from '../../source/daemon/rotated-file.js';
import {readKey} from '../../source/daemon/secrets/key-file.js';
import {Vault} from '../../source/daemon/secrets/vault.js';
import {extractRows} from '../../source/daemon/source/url/envelope.js';
import {beginFolder, setAsideUnknown} from '../../source/daemon/state/lost.js';
import {readStateFile, writeStateFile} from '../../source/daemon/state/state-file.js';
import {keepInput} from '../../source/daemon/submit/keep-input.js';
import {scheduleFile} from '../../source/daemon/submit/schedule-file.js';
import {writeWindow} from '../../source/daemon/webhooks/write-window.js';
import {type Prepared, readPrepared, writePrepared} from '../../source/engine/execution/resume-point.js';
import {place} from '../../source/engine/export/place.js';
import {writeCsv} from '../../source/engine/tasks/text-file.js';
import {appendLines} from '../../source/platform/files/append-lines.js';
import {copyWhole, writeWhole, writeWholeNow} from '../../source/platform/files/whole-file.js';
import {writeZip} from '../../source/report/archive/zip-file.js';
import {initWorkspace} from '../../source/workspace/scaffold.js';
import {SmallDisk} from '../support/small-disk.js';

/*
 * A disk that fills up takes a part of a write and says so in its result alone. For each caller that writes a file: after the fault the old
 * content is whole, the error names the file and the cure, and with room again the same call works.
 */

const disk = SmallDisk.mount();
const large = randomBytes(40_000).toString('hex');
let elsewhere = '';
let server: Server;
let address = '';

beforeAll(async () => {
	server = createServer((_request, answer) => void answer.end(large));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const at = server.address();
	address = `http://127.0.0.1:${typeof at === 'object' ? at?.port : ''}/feed.csv`;
});

afterAll(() => {
	server.close();
	disk?.unmount();
});

beforeEach(() => {
	elsewhere = mkdtempSync(join(tmpdir(), 'sluice-elsewhere-'));
});

afterEach(() => {
	rmSync(elsewhere, {recursive: true, force: true});
	disk?.empty();
	if (disk) for (const name of readdirSync(disk.path)) rmSync(join(disk.path, name), {recursive: true, force: true});
});

/** What a caller does on the disk: `work` writes, `whole` says that what it wrote is all there. */
type Caller = {
	readonly code?: string;
	/** Writes the old content. */
	readonly before?: (at: string) => unknown;
	readonly work: (at: string) => unknown;
	/** The file as those read it that use it. */
	readonly read: (at: string) => unknown;
	readonly old: unknown;
	readonly fresh: unknown;
};

const nothing = 'not there';
const textOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : nothing);
const mail = (text: string): StoredDelivery =>
	({
		id: 'm1',
		kind: 'mail',
		to: 'a@example.com',
		payload: {kind: 'mail', subject: 's', text, attachment: null},
	}) as unknown as StoredDelivery;
const mailText = (at: string) => /\n\n(\w{10})/.exec(textOf(join(at, 'outbox/m1.eml')))?.[1] ?? nothing;
const snapshot = (name: string) => ({connector: {name, read: null}}) as unknown as Snapshot;
const prepared = (text: string) => ({progress: text}) as unknown as Prepared;
const executionFolder = (at: string) => pathsOf(at, at).execution('e1');
const vaultOf = (at: string) => new Vault(join(at, 'secrets.json'), join(elsewhere, 'a.key'), {});
async function* rowsOf(text: string) {
	yield [text];
}

const callers: Readonly<Record<string, Caller>> = {
	'a file written whole': {
		before: (at) => writeWhole(join(at, 'f'), 'old'),
		work: (at) => writeWhole(join(at, 'f'), large),
		read: (at) => textOf(join(at, 'f')),
		old: 'old',
		fresh: large,
	},
	'a copy': {
		before: (at) => writeWholeNow(join(at, 'f'), 'old'),
		work: (at) => {
			writeFileSync(join(elsewhere, 'from'), large);
			return copyWhole(join(elsewhere, 'from'), join(at, 'f'));
		},
		read: (at) => textOf(join(at, 'f')),
		old: 'old',
		fresh: large,
	},
	'the secret store': {
		before: (at) => vaultOf(at).set('first', 'old secret'),
		work: (at) => vaultOf(at).set('second', large),
		read: (at) => [vaultOf(at).read('first'), vaultOf(at).read('second')],
		old: ['old secret', null],
		fresh: ['old secret', large],
	},
	'a window of webhook requests': {
		work: async (at) => {
			const control = openControl(join(elsewhere, 'control.db'));
			const window = control.webhooks.open('orders', {startSeconds: 0, seconds: 60});
			if (control.webhooks.lines(window.id, 0, 1).length === 0)
				for (let line = 0; line < 60; line++) control.webhooks.add(window.id, `line ${line} ${large.slice(0, 500)}\n`);
			try {
				await writeWindow(control, executionFolder(at), 'window.csv', window);
			} finally {
				control.close();
			}
		},
		read: (at) => textOf(executionFolder(at).input('window.csv')).match(/^line \d+ \w{500}$/gm)?.length ?? nothing,
		old: nothing,
		fresh: 60,
	},
	'what a url source downloads': {
		work: (at) =>
			sendOutside({url: address, method: 'GET', headers: {}, allowHosts: ['127.0.0.1'], largestAnswerBytes: 1e6, saveTo: join(at, 'feed')}),
		read: (at) => textOf(join(at, 'feed')),
		old: nothing,
		fresh: large,
	},
	'the rows of a JSON envelope': {
		work: (at) => {
			writeFileSync(join(elsewhere, 'answer'), `{"data": ["${large}"]}`);
			return extractRows(join(elsewhere, 'answer'), '/data', join(at, 'rows'), 'here');
		},
		read: (at) => textOf(join(at, 'rows')),
		old: nothing,
		fresh: `["${large}"]`,
	},
	'the rows of a database source': {
		work: (at) => writeCsv(join(at, 'rows'), ['a'], rowsOf(large), {look: () => undefined, atMost: 1e6}),
		read: (at) => textOf(join(at, 'rows')),
		old: nothing,
		fresh: `a\n${large}\n`,
	},
	'a mail in the outbox': {
		before: (at) => sendMail(mail('the old mail'), {server: null, outbox: join(at, 'outbox')}),
		work: (at) => sendMail(mail(`thenewmail ${large}`), {server: null, outbox: join(at, 'outbox')}),
		read: (at) => (textOf(join(at, 'outbox/m1.eml')).includes('the old mail') ? 'old' : mailText(at)),
		old: 'old',
		fresh: 'thenewmail',
	},
	'the configuration an execution keeps': {
		before: (at) => writeSnapshot(join(at, 's.json'), snapshot('old')),
		work: (at) => writeSnapshot(join(at, 's.json'), snapshot(large)),
		read: async (at) => (await readSnapshot(join(at, 's.json')))?.connector.name,
		old: 'old',
		fresh: large,
	},
	'where a run resumes': {
		before: (at) => writePrepared(at, prepared('old')),
		work: (at) => writePrepared(at, prepared(large)),
		read: (at) => readPrepared(at)?.progress,
		old: 'old',
		fresh: large,
	},
	'the last valid settings': {
		before: (at) => rememberSettings(join(at, 'settings'), 'old'),
		work: (at) => rememberSettings(join(at, 'settings'), large),
		read: (at) => recallSettings(join(at, 'settings')),
		old: 'old',
		fresh: large,
	},
	'an input that is submitted': {
		work: (at) => {
			writeFileSync(join(elsewhere, 'in.csv'), large);
			return keepInput(executionFolder(at), join(elsewhere, 'in.csv'), 'in.csv');
		},
		read: (at) => textOf(executionFolder(at).input('in.csv')),
		old: nothing,
		fresh: large,
	},
	'a file that retention moves': {
		before: () => writeFileSync(join(elsewhere, 'in.csv'), large),
		work: (at) => moveFile(join(elsewhere, 'in.csv'), join(at, 'done'), 'in.csv', 'mark'),
		read: (at) => [textOf(join(elsewhere, 'in.csv')), textOf(join(at, 'done/in.csv'))],
		old: [large, nothing],
		fresh: [nothing, large],
	},
	'variables written into a connector': {
		before: (at) => writeFileSync(join(at, 'connector.yaml'), 'name: Old # kept\n', {mode: 0o644}),
		work: (at) => writeProposals(join(at, 'connector.yaml'), {notes: []}, [{name: 'a', column: large, type: 'string'}] as never),
		read: (at) => [
			textOf(join(at, 'connector.yaml')).length > 40_000,
			textOf(join(at, 'connector.yaml')).includes('# kept'),
			statSync(join(at, 'connector.yaml')).mode & 0o777,
		],
		old: [false, true, 0o644],
		fresh: [true, true, 0o644],
	},
	'a new workspace': {
		work: (at) => initWorkspace(at),
		read: (at) => [existsSync(join(at, 'sluice.yaml')), existsSync(join(at, '.gitignore'))],
		old: [false, false],
		fresh: [true, true],
	},
	'a report or archive': {
		code: 'report.unwritable',
		before: (at) => writeZip(join(at, 'a.zip'), (entries) => entries.text('a', 'old')),
		work: (at) => writeZip(join(at, 'a.zip'), (entries) => entries.text('a', large)),
		read: (at) => statSync(join(at, 'a.zip')).size > 10_000,
		old: false,
		fresh: true,
	},
	'the file of an export': {
		code: 'export.failed',
		before: (at) => writeFileSync(join(at, 'out.csv'), 'old'),
		work: (at) => {
			writeFileSync(join(elsewhere, 'export.csv'), large);
			const folder = elsewhere;
			return place({
				file: join(folder, 'export.csv'),
				folder,
				execution: 'e',
				target: join(at, 'out.csv'),
				mayReplace: true,
				protectedPlaces: null,
				groupId: null,
			});
		},
		read: (at) => textOf(join(at, 'out.csv')),
		old: 'old',
		fresh: large,
	},
	'lines of a log': {
		before: (at) => appendLines(join(at, 'log'), 'old\n'),
		work: (at) => appendLines(join(at, 'log'), `${large}\n`),
		read: (at) => textOf(join(at, 'log')),
		old: 'old\n',
		fresh: `old\n${large}\n`,
	},
};

describe.each(Object.entries(callers))('%s', (_name, {code = 'file.not_written', before, work, read, old, fresh}) => {
	test.for([0, 1, 3])(
		'on a disk with %i pages left: the old content, an error that says it; with room again it works',
		async (pages, {skip}) => {
			if (!disk) return skip(SmallDisk.lack);
			await before?.(disk.path);
			const names = readdirSync(disk.path).sort();
			disk.fill(pages);
			await expect((async () => work(disk.path))()).rejects.toMatchObject({
				code,
				message: expect.stringContaining('no space left on device (ENOSPC)'),
				where: expect.stringContaining(disk.path),
				cure: expect.any(String),
			});
			expect(shortened(await read(disk.path))).toEqual(shortened(old));
			expect(leftovers(disk.path, names)).toEqual([]);
			disk.empty();
			await work(disk.path);
			expect(shortened(await read(disk.path))).toEqual(shortened(fresh));
		},
	);
});

/** Long texts by their digest: the difference of two would take minutes to print. */
function shortened(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(shortened);
	return typeof value === 'string' && value.length > 100 ? `${value.length} ${createHash('sha256').update(value).digest('hex')}` : value;
}

/** Files that were not there before: drafts. Empty folders are none. */
function leftovers(at: string, names: readonly string[]): readonly string[] {
	return readdirSync(at, {recursive: true, withFileTypes: true})
		.filter((entry) => entry.isFile() && entry.name !== 'filler')
		.map((entry) => join(entry.parentPath, entry.name).slice(at.length + 1))
		.filter((name) => !names.some((known) => name === known || name.startsWith(`${known}/`)));
}

test('the key of the secrets, the mark of a new execution and the file of a tick are there whole or not at all', async (context) => {
	if (!disk) return context.skip(SmallDisk.lack);
	const key = join(disk.path, 'keys/a.key');
	mkdirSync(join(disk.path, 'tasks'));
	disk.fill(0);
	expect(() => readKey(key, true)).toThrow(/a\.key could not be written: no space left on device/);
	expect(readdirSync(join(disk.path, 'keys'))).toEqual([]);
	await expect(scheduleFile(pathsOf(disk.path, disk.path), new Date(0))).rejects.toMatchObject({code: 'file.not_written'});
	expect(readdirSync(join(disk.path, 'tasks'))).toEqual([]);
	disk.empty();
	const made = readKey(key, true);
	expect(made).toHaveLength(32);
	expect(readKey(key, true)).toEqual(made);
	await beginFolder(join(disk.path, 'e'));
	expect(readdirSync(join(disk.path, 'e'))).toEqual(['.not-accepted']);
});

test('state.json is written in place on a full disk, and never made half', (context) => {
	if (!disk) return context.skip(SmallDisk.lack);
	const file = join(disk.path, 'state.json');
	disk.fill(0);
	expect(() => writeStateFile(file, {control: {id: 'a', number: 1}, store: null})).toThrow(/no space left/);
	expect(existsSync(file)).toBe(false);
	disk.empty();
	writeStateFile(file, {control: {id: 'a', number: 1}, store: null});
	disk.fill(0);
	writeStateFile(file, {control: {id: 'a', number: 2}, store: null});
	expect(readStateFile(file)).toEqual({control: {id: 'a', number: 2}, store: null});
});

test('the log of an execution says how many lines a full disk refused, and no line is half', async (context) => {
	if (!disk) return context.skip(SmallDisk.lack);
	const paths = pathsOf(disk.path, disk.path);
	mkdirSync(paths.execution('e1').path, {recursive: true});
	const failures: unknown[] = [];
	const logs = new ExecutionLogs(
		paths,
		(text) => text,
		(error) => failures.push(error),
	);
	const say = async (message: string) => {
		logs.append('e1', {at: '2026-01-01T00:00:00.000Z', level: 'info', stage: null, message});
		await logs.flushed('e1');
	};
	await say('first');
	disk.fill(1);
	await say(large);
	await say(large);
	expect(failures).toMatchObject([{code: 'file.not_written'}, {code: 'file.not_written'}]);
	disk.empty();
	await say('last');
	const {items} = await logs.read('e1', 0, 10);
	expect(items.map(({message}) => shortened(message))).toEqual([
		'first',
		'2 lines could not be written here: the disk did not take them',
		'last',
	]);
});

test('what the log of the daemon could not write waits for room, to a bound, and no line is half', async (context) => {
	if (!disk) return context.skip(SmallDisk.lack);
	const file = join(disk.path, 'daemon.log');
	const log = new RotatedFile(file);
	const flushed = () => new Promise<unknown>((resolve) => log.flush((error) => resolve(error)));
	log.write('first\n');
	await flushed();
	disk.fill(1);
	log.write(`${large}\n`);
	await flushed();
	for (let line = 0; line < 20; line++) log.write(`${line} ${large}\n`);
	disk.empty();
	log.write('room\n');
	await flushed();
	log.write('last\n');
	await flushed();
	const lines = readFileSync(file, 'utf8').split('\n');
	expect(lines.slice(0, 3).map(shortened)).toEqual(['first', large, `0 ${large}`].map(shortened));
	expect(lines.at(-2)).toMatch(/lines could not be written here|last/);
	expect(lines.filter((line) => /^\d+ /.test(line)).every((line) => line.endsWith(large))).toBe(true);
	expect(lines.filter((line) => /"msg":"\d+ lines could not be written here"/.test(line))).toHaveLength(1);
});

test.each(['folder', 'link', 'pipe'])('a %s is never replaced by a file', async (kind) => {
	const target = join(elsewhere, 'target');
	if (kind === 'folder') mkdirSync(target);
	if (kind === 'link') symlinkSync(join(elsewhere, 'other'), target);
	if (kind === 'pipe') execFileSync('mkfifo', [target]);
	await expect(writeWhole(target, 'new')).rejects.toMatchObject({code: 'file.not_written', expected: 'a regular file, or nothing'});
	expect(() => writeWholeNow(target, 'new')).toThrow(/something that is no regular file is there/);
	expect(readdirSync(elsewhere)).toEqual(['target']);
});

test('a file that must be new replaces nothing', async () => {
	const target = join(elsewhere, 'target');
	await writeWhole(target, 'old', {replaces: false});
	await expect(writeWhole(target, 'new', {replaces: false})).rejects.toMatchObject({code: 'file.not_written'});
	expect(() => writeWholeNow(target, 'new', {replaces: false})).toThrow(/is there already/);
	expect([readFileSync(target, 'utf8'), readdirSync(elsewhere)]).toEqual(['old', ['target']]);
});

test('drafts that a killed daemon left in the state are removed when the next one starts', async () => {
	const paths = pathsOf(elsewhere, elsewhere);
	mkdirSync(paths.outbox);
	for (const name of [
		'.secrets.json.0a1b2c3d.partial',
		'outbox/.m1.eml.0a1b2c3d.partial',
		'secrets.json',
		'outbox/m1.eml',
		'.kept.partial',
	])
		writeFileSync(join(elsewhere, name), 'x');
	const control = openControl(join(elsewhere, 'control.db'));
	await setAsideUnknown({paths, control, log: pino({level: 'silent'})});
	control.close();
	expect(
		readdirSync(elsewhere)
			.filter((name) => !name.startsWith('control'))
			.sort(),
	).toEqual(['.kept.partial', 'outbox', 'secrets.json']);
	expect(readdirSync(paths.outbox)).toEqual(['m1.eml']);
});
