import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {parse} from 'yaml';
import {writeProposals} from '../../source/api/write-proposals.js';
import type {ReadProposal} from '../../source/model/read-options.js';

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'sluice-proposals-'));
});

afterEach(() => rmSync(folder, {recursive: true, force: true}));

async function written(text: string, read: ReadProposal, ...names: readonly string[]): Promise<string> {
	const file = join(folder, 'connector.yaml');
	writeFileSync(file, text);
	await writeProposals(
		file,
		read,
		names.map((name) => ({name, column: name, type: 'string'})),
	);
	return readFileSync(file, 'utf8');
}

test('keys of read are put before the variables, and nothing else is touched', async () => {
	const read: ReadProposal = {header_row: 3, delimiter: ';', notes: ['why']};
	expect(await written('name: A # mine\nvariables:\n  - {name: a, column: a, type: string}\nload_steps: []\n', read, 'a', 'b')).toBe(
		'name: A # mine\nread: {header_row: 3, delimiter: ;}\nvariables:\n  - {name: a, column: a, type: string}\n  - {name: b, column: b, type: string}\nload_steps: []\n',
	);
});

test.each([',', ';', '|', 'tab'] as const)('the delimiter %j is written so that it is read as such', async (delimiter) => {
	expect(parse(await written('name: A\n', {delimiter, notes: []}))).toEqual({name: 'A', read: {delimiter}});
});

test('a key of read that is there stays as it is', async () => {
	const text = 'name: A\nread: {encoding: cp850, skip_last: 1} # the sender says so\n';
	expect(await written(text, {header_row: 'none', encoding: 'windows-1252', notes: []})).toBe(
		'name: A\nread: {encoding: cp850, skip_last: 1, header_row: none} # the sender says so\n',
	);
	expect(await written(text, {encoding: 'windows-1252', notes: []})).toBe(text);
});
