import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import JSZip from 'jszip';
import {expect, test} from 'vitest';
import {readWorkspace} from '../../source/workspace/read-workspace.js';
import {told, workspaceOf} from './workspace-files.js';

/** What is told of a connector without SQL whose sample is this archive. */
async function toldOf(archive: Buffer): Promise<readonly string[]> {
	const dir = workspaceOf({'connectors/c/connector.yaml': 'type: spreadsheet\nsample_file: sample.zip\n'});
	writeFileSync(join(dir, 'connectors/c/sample.zip'), archive);
	return told(await readWorkspace(dir));
}

async function zipOf(names: readonly string[]): Promise<Buffer> {
	const zip = new JSZip();
	for (const name of names) zip.file(name, 'a\n1\n');
	return zip.generateAsync({type: 'nodebuffer', comment: 'made by hand'});
}

test('several pages need SQL', async () => {
	expect(await toldOf(await zipOf(['vendors.csv', 'in/products.CSV', '__MACOSX/._vendors.csv', 'readme.txt']))).toEqual([
		'connectors/c/connector.yaml:2:14  This sample has 2 pages, and only one page can do without SQL [sql: transform.sql, or a sample of one page]',
	]);
});

test.each([
	['one page', zipOf(['vendors.csv', '._vendors.csv', 'readme.txt'])],
	['what is no zip, which intake tells', Promise.resolve(Buffer.from('PK not really'))],
	['half a zip', zipOf(['a.csv', 'b.csv']).then((whole) => whole.subarray(0, 40))],
])('no SQL is asked of %s', async (_, archive) => {
	expect(await toldOf(await archive)).toEqual([]);
});
