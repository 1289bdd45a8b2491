/**
 * A page of 200 filtered rows anywhere in a large execution, from the daemon, warm (DESIGN 6: at most 30 ms at 1M rows).
 *
 * npm run build && node bench/pages.mjs [rows = 1000000]
 */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {connect} from '../dist/source/api/connect.js';
import {writePeople} from './people-file.mjs';
import {writeWorkspace} from './workspace.mjs';

const [rows = 1_000_000] = process.argv.slice(2).map(Number);
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'sluice-pages-'));
writeWorkspace(dir, {diffCheck: false});
const input = join(dir, 'people.csv');
await writePeople(input, rows);

const client = await connect({workspaceDir: dir, program: [process.execPath, cli, 'daemon', 'run', '--idle', '--workspace', dir]});
try {
	await client.activate('people');
	const {id} = await client.run({connector: 'people', input, mode: 'dry', diff_check: false});
	for (;;) {
		const {status} = await client.execution(id);
		if (status !== 'queued' && status !== 'running') break;
		await new Promise((resolve) => setTimeout(resolve, 500));
	}
	const pages = {
		'no filter': {},
		outcome: {outcome: 'created'},
		find: {find: '77'},
		'column value': {column: 'city', value: 'Oslo'},
	};
	for (const [title, filter] of Object.entries(pages)) {
		await client.rows(id, 'load:1', {...filter, offset: 0, limit: 200});
		const took = [];
		for (let turn = 0; turn < 15; turn++) {
			const offset = Math.floor((turn / 15) * rows * (filter.find || filter.value ? 0.005 : 0.9));
			const started = performance.now();
			await client.rows(id, 'load:1', {...filter, offset, limit: 200});
			took.push(performance.now() - started);
		}
		took.sort((a, b) => a - b);
		console.log(`${title}: median ${took[7].toFixed(1)} ms, worst ${took[14].toFixed(1)} ms`);
	}
} finally {
	await client.stopDaemon();
	rmSync(dir, {recursive: true, force: true});
}
