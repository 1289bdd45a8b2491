import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';

test('a daemon that may open 64 files ends at once, and says how many it needs', () => {
	const dir = mkdtempSync(join(tmpdir(), 'sluice-files-'));
	try {
		writeFileSync(join(dir, 'sluice.yaml'), 'name: test\n');
		const script = 'ulimit -n 64; exec "$0" "$1" daemon run --workspace "$2"';
		const {status, stderr} = spawnSync('sh', ['-c', script, process.execPath, 'dist/cli.js', dir], {encoding: 'utf8'});
		expect(stderr).toContain('"code":"daemon.open_files","message":"This process may open 64 files, which are too few"');
		expect(stderr).toContain('at least 152');
		expect(status).toBe(1);
	} finally {
		rmSync(dir, {recursive: true, force: true});
	}
});
