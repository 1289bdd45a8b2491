import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import JSZip from 'jszip';
import {expect, onTestFinished, test} from 'vitest';
import {findWorkspace} from '../../source/workspace/find-workspace.js';
import {readWorkspace} from '../../source/workspace/read-workspace.js';
import {copyDemo, initWorkspace} from '../../source/workspace/scaffold.js';
import {told} from './workspace-files.js';

function emptyFolder(): string {
	const dir = mkdtempSync(join(tmpdir(), 'sluice-fixtures-'));
	onTestFinished(() => rmSync(dir, {recursive: true, force: true}));
	return dir;
}

test.each([
	['a new workspace', initWorkspace, ['contacts']],
	['the demo', copyDemo, ['contacts', 'vendor_products']],
] as const)('%s validates without a problem, and nothing is missing in its connectors', async (_, write, names) => {
	const dir = emptyFolder();
	await write(dir);
	const workspace = await readWorkspace(dir);
	expect(told(workspace)).toEqual([]);
	expect(workspace.connectors.map(({apiName, missing, connector}) => [apiName, missing, connector?.apiName])).toEqual(
		names.map((name) => [name, [], name]),
	);
});

test.each([initWorkspace, copyDemo])('every YAML file that is written names a schema that is there', async (write) => {
	const dir = emptyFolder();
	const files = (await write(dir)).filter((file) => file.endsWith('.yaml'));
	expect(files.length).toBeGreaterThan(2);
	for (const file of files) {
		const [, schema] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(join(dir, file), 'utf8')) ?? [];
		expect(existsSync(join(dir, file, '..', schema ?? 'none')), `${file} names ${schema}`).toBe(true);
	}
});

test('a folder that holds one of the files keeps it, and nothing is written', async () => {
	const dir = emptyFolder();
	mkdirSync(join(dir, 'objects'));
	writeFileSync(join(dir, 'objects/contacts.yaml'), 'mine');
	await expect(initWorkspace(dir)).rejects.toMatchObject({code: 'workspace.exists', message: 'objects/contacts.yaml is there already'});
	expect(readFileSync(join(dir, 'objects/contacts.yaml'), 'utf8')).toBe('mine');
	expect(existsSync(join(dir, 'sluice.yaml'))).toBe(false);
});

test('the rules of a repository that is there already stay as they are', async () => {
	const dir = emptyFolder();
	writeFileSync(join(dir, '.gitignore'), 'mine');
	expect(await initWorkspace(dir)).not.toContain('.gitignore');
	expect(readFileSync(join(dir, '.gitignore'), 'utf8')).toBe('mine');
});

test('a workspace is found from any folder inside it, and not from outside', async () => {
	const dir = emptyFolder();
	await initWorkspace(join(dir, 'mine'));
	expect(findWorkspace(join(dir, 'mine/connectors/contacts'))).toBe(join(dir, 'mine'));
	expect(findWorkspace(dir)).toBeUndefined();
});

test.each([
	['connectors/vendor_products/sample', 'connectors/vendor_products/sample.zip'],
	['inputs/next_week', 'inputs/next_week.zip'],
])('the archive of %s holds the pages that lie beside it (scripts/build-demo-archives.mjs)', async (folder, archive) => {
	const zip = await JSZip.loadAsync(readFileSync(`fixtures/demo/${archive}`));
	expect(Object.keys(zip.files)).toEqual(['vendors.csv', 'products.csv']);
	for (const page of Object.keys(zip.files)) {
		expect(await zip.file(page)?.async('string')).toBe(readFileSync(`fixtures/demo/${folder}/${page}`, 'utf8'));
	}
});
