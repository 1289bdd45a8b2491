import {mkdtempSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {existingFolder} from '../../source/daemon/dispatch/disk-waits.js';
import {place} from '../../source/engine/export/place.js';

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'sluice-export-'));
	writeFileSync(join(folder, 'export.csv'), 'a\n1\n');
});

afterEach(() => rmSync(folder, {recursive: true}));

const rights = (path: string): string => {
	const {mode, gid} = statSync(path);
	return `${(mode & 0o777).toString(8)} ${gid}`;
};

test.runIf(process.getuid?.() === 0)('the group of the workspace reads an export and the folders that were made for it', async () => {
	const target = join(folder, 'out', 'today', 'x.csv');
	const own = rights(folder);
	const placing = {
		file: join(folder, 'export.csv'),
		folder,
		execution: 'e',
		target,
		mayReplace: false,
		protectedPlaces: null,
		groupId: 4321,
	};
	await place(placing);
	expect([target, join(folder, 'out', 'today'), join(folder, 'out')].map(rights)).toEqual(['640 4321', '750 4321', '750 4321']);
	expect(rights(folder)).toBe(own);
});

test('the folder on whose disk a path is written is the nearest one that is there', () => {
	expect(existingFolder(join(folder, 'out', '{date}', 'x.csv'))).toBe(folder);
	expect(existingFolder(join(folder, 'x.csv'))).toBe(folder);
	expect(existingFolder('/nowhere/x.csv')).toBe('/');
});
