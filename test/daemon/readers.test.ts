import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {readerProgram} from '../../source/daemon/programs.js';
import {readerBounds} from '../../source/daemon/reader/reader-process.js';
import {Readers} from '../../source/daemon/reader/readers.js';
import {defaultReadOptions} from '../../source/model/read-options.js';

let folder: string;
let readers: Readers;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'sluice-readers-'));
});

afterEach(async () => {
	await readers.close();
	rmSync(folder, {recursive: true, force: true});
});

/** A reader's program that never answers for a file named `stuck`, fills its memory for `large`, and dies of `fatal`. */
const program = `
process.on('message', ({ask}) => {
	if (ask.path.endsWith('stuck')) for (;;);
	if (ask.path.endsWith('large')) for (const held = [];;) held.push(Buffer.alloc(1 << 24, 1));
	if (ask.path.endsWith('heap')) for (const held = [];;) held.push(Array(1 << 16).fill({}));
	if (ask.path.endsWith('fatal')) process.exit(7);
	process.send({answer: ask.path});
});
`;
const tried = (name: string) => readers.ask('any', 'line', {path: join(folder, name), line: 1});

function readersOf(timeMs: number): Readers {
	const entry = join(folder, 'reader.mjs');
	writeFileSync(entry, program);
	return new Readers(entry, folder, {...readerBounds, timeMs, heapBytes: 64 * 1024 * 1024});
}

test('a file that kills its reader is refused by name, and the next is read by another', async () => {
	readers = readersOf(20_000);
	await expect(tried('fatal')).rejects.toMatchObject({
		code: 'intake.too_costly',
		message: expect.stringContaining('fatal could not be opened'),
	});
	await expect(tried('large')).rejects.toMatchObject({code: 'intake.too_costly', message: expect.stringContaining('512 MB of memory')});
	await expect(tried('heap')).rejects.toMatchObject({code: 'intake.too_costly', message: expect.stringContaining('memory')});
	expect(await tried('good')).toBe(join(folder, 'good'));
});

test('a file that takes too long is given up, and does not hold up another connector', async () => {
	readers = readersOf(3_000);
	const order: string[] = [];
	const stuck = expect(tried('stuck').finally(() => order.push('stuck'))).rejects.toMatchObject({code: 'intake.too_costly'});
	await readers.ask('other', 'line', {path: join(folder, 'good'), line: 1}).finally(() => order.push('good'));
	await stuck;
	expect(order).toEqual(['good', 'stuck']);
});

test('what is asked when the daemon stops is refused as that, not as a bad file', async () => {
	readers = readersOf(20_000);
	const refused = expect(tried('stuck')).rejects.toMatchObject({code: 'daemon.stopping'});
	await readers.close();
	await refused;
});

test('the reader itself says what a file lacks', async () => {
	readers = new Readers(readerProgram(), folder);
	const path = join(folder, 'in.csv');
	writeFileSync(path, 'a,b\n1,2\n');
	const file = {path, name: 'in.csv', maxInputBytes: 1_000, read: defaultReadOptions};
	const needed = [{table: null, column: 'c', by: 'variable c'}];
	expect(await readers.ask('any', 'check', {...file, needed: []})).toEqual([]);
	expect(await readers.ask('any', 'columns', file)).toEqual([{name: 'in.csv', columns: ['a', 'b']}]);
	await expect(readers.ask('any', 'check', {...file, needed})).rejects.toMatchObject({code: 'intake.incompatible'});
});
