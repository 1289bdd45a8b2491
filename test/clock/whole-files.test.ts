import {
	chmodSync,
	closeSync,
	linkSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	realpathSync,
	renameSync,
	rmSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {control as openControl} from '../../source/daemon/control/control.js';
import {isMarkerName, markAndMarker, markerOf, withMarker} from '../../source/daemon/source/done-marker.js';
import {isOnNetworkShare, isShare} from '../../source/daemon/source/network-share.js';
import {openForWriting} from '../../source/daemon/source/open-elsewhere.js';
import {StillFiles} from '../../source/daemon/source/settled-files.js';
import {folderOf, lookFor, type SourceFile, statOf} from '../../source/daemon/source/source-files.js';
import {Changed, recordTaken} from '../../source/daemon/source/take-files.js';
import {withWaitCure} from '../../source/engine/intake/taken-too-soon.js';
import {SluiceError} from '../../source/model/errors.js';
import {temporaryName} from '../../source/model/temporary-name.js';

let dir: string;

beforeEach(() => {
	dir = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-whole-file-')));
});

afterEach(() => rmSync(dir, {recursive: true, force: true}));

const at = (name: string): string => join(dir, name);

async function fileAt(path: string): Promise<SourceFile> {
	const file = await statOf(path);
	if (!file) throw new Error(`no file at ${path}`);
	return file;
}

test('law: a file is whole once it was the same at every look for as long as it must rest, however its times lie', async () => {
	const looks = fc.array(fc.record({afterMs: fc.integer({min: 1, max: 4_000}), written: fc.boolean()}), {minLength: 1, maxLength: 30});
	await fc.assert(
		fc.asyncProperty(looks, fc.integer({min: 100, max: 3_000}), async (all, settleMs) => {
			let now = 0;
			let version = 0;
			let seenSince: number | null = null;
			const still = new StillFiles(
				() => now,
				async () => new Set(),
			);
			writeFileSync(at('a.csv'), 'x');
			const file = await fileAt(at('a.csv'));
			for (const {afterMs, written} of all) {
				now += afterMs;
				if (written || seenSince === null) {
					version++;
					seenSince = now;
				}
				// Its clock is a year behind: it was never changed lately.
				const whole = await still.of('feed', [{...file, version: String(version), changedMs: file.changedMs - 3e10}], {
					ms: settleMs,
					isGiven: true,
				});
				expect(whole.length).toBe(now - seenSince >= settleMs ? 1 : 0);
			}
		}),
		{numRuns: process.env.SLUICE_LONG ? 2_000 : 100},
	);
});

test('a file that left and came back, and one of another connector, must rest anew', async () => {
	let now = 0;
	const still = new StillFiles(() => now);
	writeFileSync(at('a.csv'), 'x');
	const file = await fileAt(at('a.csv'));
	const look = async (connector: string, files: readonly SourceFile[]) =>
		(await still.of(connector, files, {ms: 1_000, isGiven: true})).length;
	expect(await look('feed', [file])).toBe(0);
	now = 1_000;
	expect([await look('feed', [file]), await look('other', [file])]).toEqual([1, 0]);
	expect(await look('feed', [])).toBe(0);
	expect(await look('feed', [file])).toBe(0);
});

test('without settle, what has just been written, is not complete, or was seen to pause, rests longer; what lay there before does not', async () => {
	let now = 0;
	const still = new StillFiles(
		() => now,
		async () => new Set(),
	);
	/** After how many seconds it is taken: what each second does to the file, and how old it is at first. */
	const takenAfter = async (name: string, texts: readonly string[], ageSeconds = 0): Promise<number> => {
		for (let second = 0; ; second++) {
			now += 1_000;
			if (texts[second]) writeFileSync(at(name), texts[second] ?? '', {flag: 'a'});
			const file = await fileAt(at(name));
			// Times of this test pass by `now` alone: the last change is as old as the looks say.
			const last = texts.findLastIndex((text, index) => text !== '' && index <= second);
			const changedMs = Date.now() - (second - last + ageSeconds) * 1_000;
			const [whole] = await still.of(name, [{...file, version: `${last}`, changedMs}], {ms: 2_000, isGiven: false});
			if (whole) return second;
		}
	};
	expect(await takenAfter('at-once.csv', ['a\n1\n'])).toBe(5);
	expect(await takenAfter('old.csv', ['a\n1\n'], 3_600)).toBe(2);
	expect(await takenAfter('open-line.csv', ['a\n1'])).toBe(10);
	expect(await takenAfter('old-open-line.csv', ['a\n1'], 3_600)).toBe(2);
	expect(await takenAfter('utf-16.csv', ['a\u0000\n\u00001\u0000\n\u0000'])).toBe(5);
	expect(await takenAfter('header-alone.csv', ['a,b\r\n'])).toBe(10);
	expect(await takenAfter('old-header-alone.csv', ['a,b\r\n'], 3_600)).toBe(2);
	expect(await takenAfter('rows-later.csv', ['a\n', '', '', '', '', '', '', '', '1\n'])).toBe(8 + 24);
	writeFileSync(at('empty.csv'), '');
	// It was made a second before the first look.
	expect(await takenAfter('empty.csv', [])).toBe(59);
	expect(await takenAfter('pauses.csv', ['a\n', '', '', '1\n', '', '', '', '2\n'])).toBe(7 + 12);
	expect(await takenAfter('cut.xlsx', ['PK\u0003\u0004'])).toBe(10);
	expect(await takenAfter('whole.zip', ['PK\u0003\u0004 PK\u0005\u0006 and a comment'])).toBe(5);
	expect(await takenAfter('cut.json', ['[{"a": 1},'])).toBe(10);
	expect(await takenAfter('whole.json', ['[{"a": 1}]\n'])).toBe(5);
	expect(await takenAfter('packed.csv.gz', ['anything'])).toBe(5);
});

test('what may have been taken before its end is refused with how to wait for its writer', () => {
	const lacks = new SluiceError('intake.incompatible', 'a.csv lacks a column', {cure: 'Rename it.'});
	const cureOf = (request: object, error = lacks) =>
		withWaitCure(error, {file: '/drop/*.csv', freshness: null, retention: null, ...request}).cure;
	const wait = 'to more than its longest pause, or use source.done_marker.';
	expect(cureOf({})).toBe(`Rename it. If its writer pauses and had not ended yet, set source.settle ${wait}`);
	expect(cureOf({settleSeconds: 5})).toContain(`set source.settle (now 5s) ${wait}`);
	expect(cureOf({settleSeconds: 5, doneMarker: '{file}.ok'})).toContain('(now 5s)');
	expect(cureOf({doneMarker: '{file}.ok'})).toBe('Rename it.');
	expect(cureOf({}, new SluiceError('intake.too_large', 'a.csv is too large', {cure: 'Split it.'}))).toBe('Split it.');
	expect(withWaitCure(lacks, {sql: 'SELECT 1', freshness: null, retention: null})).toBe(lacks);
});

test.runIf(process.platform === 'linux')('a file that is open for writing is found by itself, whatever path it was opened by', async () => {
	mkdirSync(at('drop'));
	symlinkSync(at('drop'), at('link'));
	writeFileSync(at('drop/a.csv'), 'x');
	writeFileSync(at('drop/b.csv'), 'x');
	const seen = [{...(await fileAt(at('drop/a.csv'))), path: at('link/a.csv')}, await fileAt(at('drop/b.csv'))];
	const writer = openSync(at('link/a.csv'), 'a');
	const reader = openSync(at('drop/b.csv'), 'r');
	expect([...(await openForWriting(seen))]).toEqual([at('link/a.csv')]);
	for (const descriptor of [writer, reader]) closeSync(descriptor);
	expect([...(await openForWriting(seen))]).toEqual([]);
});

test('network shares are known by the type of their file system', async () => {
	for (const type of [0x6969n, 0xff534d42n, 0xfe534d42n, BigInt.asIntN(32, 0xff534d42n), 0x65735546n]) expect(isShare(type)).toBe(true);
	for (const type of [0xef53n, 0x58465342n, 0x9123683en, 0x01021994n]) expect(isShare(type)).toBe(false);
	expect(await isOnNetworkShare(dir)).toBe(false);
	expect(await isOnNetworkShare(at('nowhere'))).toBe(false);
	expect([folderOf('/data/*/in/x.csv'), folderOf('/data/x.csv'), folderOf('/*')]).toEqual(['/data', '/data', '/']);
});

test('hidden and temporary names are never taken, and are named as left alone once nothing has happened to them for an hour', async () => {
	const never = ['~$x.csv', '.x.csv', '.a.csv.Xq12', 'x.csv.part', 'x.csv.PARTIAL', 'x.Tmp', 'x.csv.crdownload', 'x.csv.filepart'];
	const taken = ['x.csv', 'part.csv', 'x.part.csv', '~x.csv', 'tmp'];
	expect(never.filter((name) => temporaryName(name) === null)).toEqual([]);
	expect(taken.filter((name) => temporaryName(name) !== null)).toEqual([]);
	for (const name of [...never, ...taken]) writeFileSync(at(name), 'x');
	const now = await lookFor(at('*'));
	expect(now.files.map(({name}) => name).sort()).toEqual(taken.toSorted());
	expect(now.leftAlone).toEqual([]);
	const later = await lookFor(at('*'), Date.now() + 3_700_000);
	expect(later.leftAlone.map(({path, is}) => [path, is])).toEqual(
		never
			.filter((name) => !name.startsWith('.'))
			.toSorted()
			.map((name) => [at(name), 'a temporary file']),
	);
	expect((await lookFor(at('.x*'))).files).toEqual([]);
	expect((await lookFor(at('x.csv.part'))).files).toEqual([]);
});

test('a marker speaks for the file that was there before it, once', async () => {
	writeFileSync(at('a.csv'), 'first');
	const file = await fileAt(at('a.csv'));
	expect(await markerOf('{file}.ok', file, null)).toBe(null);
	symlinkSync(at('a.csv'), at('a.csv.ok'));
	expect(await markerOf('{file}.ok', file, null)).toBe(null);
	rmSync(at('a.csv.ok'));
	writeFileSync(at('a.csv.ok'), '');
	const marker = await markerOf('{file}.ok', file, null);
	expect(marker).not.toBe(null);
	expect(await markerOf('{file}.ok', file, marker)).toBe(null);
	expect(markAndMarker(withMarker('5 17', marker))).toEqual({mark: '5 17', marker});
	expect(markAndMarker('5 17')).toEqual({mark: '5 17', marker: null});

	const written = {...file, modifiedMs: file.modifiedMs + 60_000, changedMs: file.changedMs + 60_000};
	expect(await markerOf('{file}.ok', written, null)).toBe(null);
	// A time from before the copy, as `cp -p` sets it, and rights that changed after the marker came, leave the marker valid.
	expect(await markerOf('{file}.ok', {...written, modifiedMs: 0}, null)).toBe(marker);
	expect(await markerOf('{file}.ok', {...written, changedMs: 0}, null)).toBe(marker);
	expect(['a.csv.ok', 'ok', '.ok', 'a.csv'].map((name) => isMarkerName('{file}.ok', name))).toEqual([true, false, false, false]);
});

test('a file that was taken, replaced or touched since the look is not recorded as taken', async () => {
	const control = openControl(at('control.db'));
	try {
		writeFileSync(at('a.csv'), 'x');
		const file = {...(await fileAt(at('a.csv'))), mark: 'm', takenBefore: null};
		const record = (execution: string) => recordTaken({control}, 'feed', file, execution);
		const refused = () => expect(() => record('01')).toThrow(Changed);
		linkSync(at('a.csv'), at('kept'));
		utimesSync(at('a.csv'), new Date(0), new Date(0));
		refused();
		const again = {...(await fileAt(at('a.csv'))), mark: 'm', takenBefore: null};
		recordTaken({control}, 'feed', again, '01');
		expect(() => recordTaken({control}, 'feed', again, '02')).toThrow(Changed);
		recordTaken({control}, 'feed', {...again, takenBefore: '01'}, '02');
		chmodSync(at('a.csv'), 0o600);
		renameSync(at('a.csv'), at('gone'));
		refused();
	} finally {
		control.close();
	}
});
