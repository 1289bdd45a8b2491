import {spawnSync} from 'node:child_process';
import {expect, test} from 'vitest';

const heap = new URL('../../dist/source/console/heap.js', import.meta.url).href;

test('this version of Node knows what the console tells its heap, and writes nothing over the picture', () => {
	const program = `import {keepHeapFlat} from '${heap}'; keepHeapFlat(); console.log('told');`;
	const {stdout, stderr} = spawnSync(process.execPath, ['--input-type=module', '-e', program], {encoding: 'utf8'});
	expect([stdout, stderr]).toEqual(['told\n', '']);
});
