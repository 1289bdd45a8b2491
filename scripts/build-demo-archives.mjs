/** Packs the demo's pages into the archives that its runs read. The same pages give the same bytes. */
import {readFileSync, writeFileSync} from 'node:fs';
import JSZip from 'jszip';

const demo = 'fixtures/demo';
const date = new Date('2026-01-01T00:00:00Z');

for (const [folder, archive] of [
	[`${demo}/connectors/vendor_products/sample`, `${demo}/connectors/vendor_products/sample.zip`],
	[`${demo}/inputs/next_week`, `${demo}/inputs/next_week.zip`],
]) {
	const zip = new JSZip();
	for (const page of ['vendors.csv', 'products.csv']) zip.file(page, readFileSync(`${folder}/${page}`), {date});
	writeFileSync(archive, await zip.generateAsync({type: 'nodebuffer', compression: 'DEFLATE', platform: 'UNIX'}));
}
