/** Pictures of the console for the README: a demo workspace in a real terminal, its cells as SVG in docs/pictures. Needs `npm run build`. */
import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import xterm from '@xterm/headless';
import {spawn} from 'node-pty';
import {cellsToSvg} from './cells-to-svg.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cli = join(root, 'dist/cli.js');
const folder = mkdtempSync(join(tmpdir(), 'sluice-pictures-'));
const workspace = join(folder, 'acme');
const to = join(root, 'docs/pictures');

/** A picture: its name, the keys that lead to it from the one before, what must be seen first. */
const pictures = [
	['home', '', 'CONNECTORS, LAST 20'],
	['connectors', ':connectors\r', 'last run'],
	['palette', ':vendor', 'go  connector'],
	['connector', '\r', '[Overview]'],
	['sql', '\u001b[C\u001b[C\u001b[C\u001b[C\u001b[C', 'is validated as it stands'],
	['run', 'd', 'Enter will do this'],
	['executions', '\u001b~:executions\r', 'Executions'],
	['failure', '\r', 'Check'],
	['menu', 'm', 'Acknowledge'],
	['execution', '\u001b\u001bjjjj\r', 'Intake'],
	['tables', 't', 'row 1 of'],
	['row', '\r', 'Input line'],
	['review', '~:queue contacts\r', 'Before it can be activated'],
	['find', '~:find Lucía\r', 'load:'],
];

/** Runs a command in the workspace; one that ends badly on purpose may. */
function sluice(...words) {
	try {
		execFileSync(process.execPath, [cli, ...words, '--workspace', workspace], {stdio: 'ignore', env: {...process.env, SLUICE_USER: 'ann'}});
	} catch (error) {
		if (error.status > 5) throw error;
	}
}

execFileSync(process.execPath, [cli, 'demo', workspace], {stdio: 'ignore', env: {...process.env, SLUICE_USER: 'ann'}});
sluice('deactivate', 'contacts');
for (const _time of [1, 2, 3]) sluice('run', 'contacts', '--input', join(workspace, 'connectors/contacts/contacts.csv'), '--detach');
writeFileSync(join(folder, 'vendors.csv'), 'sku,name\n1,"never closed\n');
sluice('run', 'vendor_products', '--input', join(folder, 'vendors.csv'));

const terminal = new xterm.Terminal({cols: 110, rows: 30, allowProposedApi: true});
const pty = spawn(process.execPath, [cli], {
	cols: 110,
	rows: 30,
	cwd: workspace,
	env: {...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', SLUICE_USER: 'ann', NO_COLOR: ''},
});
let changed = () => undefined;
pty.onData((text) => terminal.write(text, () => changed()));
const screen = () => Array.from({length: 30}, (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? '').join('\n');

async function seen(text) {
	const deadline = Date.now() + 15_000;
	while (!screen().includes(text)) {
		if (Date.now() > deadline) return false;
		await new Promise((resolve) => {
			const timer = setTimeout(resolve, 300);
			changed = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	}
	return true;
}

try {
	mkdirSync(to, {recursive: true});
	for (const [name, keys, text] of pictures) {
		const before = screen();
		// biome-ignore lint/suspicious/noControlCharactersInRegex: an Escape is pressed alone, a sequence whole.
		for (const part of keys.split(/(?<=\u001b)(?!\[)|(?<=\[C)|(?<=~)/).filter(Boolean)) {
			pty.write(part);
			// why: an Escape is told from the beginning of a sequence by the silence after it.
			await new Promise((resolve) => setTimeout(resolve, 150));
		}
		if (keys !== '' && screen() === before) await new Promise((resolve) => setTimeout(resolve, 1_000));
		if (!(await seen(text))) throw new Error(`${name}: "${text}" was not seen\n${screen()}`);
		await new Promise((resolve) => setTimeout(resolve, 400));
		writeFileSync(join(to, `${name}.svg`), cellsToSvg(terminal));
		process.stdout.write(`docs/pictures/${name}.svg\n`);
	}
} finally {
	pty.kill();
	execFileSync(process.execPath, [cli, 'daemon', 'stop', '--workspace', workspace], {stdio: 'ignore'});
	rmSync(folder, {recursive: true, force: true});
}
