import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {PassThrough} from 'node:stream';
import {fileURLToPath} from 'node:url';
import fc from 'fast-check';
import {afterEach, expect, test} from 'vitest';
import {commands} from '../../source/commands/table.js';
import {writerTo} from '../../source/commands/writer.js';
import {visible, visibleJson} from '../../source/text/visible.js';
import {Screen} from '../console/support/screen.js';
import {zipOf} from '../intake/support/archive.js';
import {TestWorkspace} from '../whole/workspace.js';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
/** A title, a colour by a C1 control, a line of somebody else, a reversed text, marks without width. */
const evil = '\u001b]0;PWN\u0007\u009b31m\r\nsluice: all is well\u202e\u2066\u200f\u061c\ufeff\u200b\u2028\u007f';
/** The same without what a file name, a word of YAML in quotes or an environment variable may not hold. */
const evilName = evil.replaceAll('/', '');
const yaml = JSON.stringify(evil).replaceAll('\u007f', '\\x7f').replaceAll('\u009b', '\\x9b');

const driving = /[\p{Cc}\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/u;

let workspace: TestWorkspace | null = null;

afterEach(async () => {
	await workspace?.close();
	workspace = null;
});

/** What is left of an output when the terminal's line ends and our own progress line are taken away. */
function withoutOurs(sent: string): string {
	return sent.replaceAll('\r\n', '').replaceAll('\r\u001b[2K', '');
}

test('any line stays one line without anything that drives a terminal, and any JSON stays the value it is', () => {
	fc.assert(
		fc.property(fc.array(fc.string({unit: 'binary'})), (lines) => {
			const stdout = new PassThrough() as unknown as NodeJS.WriteStream & PassThrough;
			const stderr = new PassThrough() as unknown as NodeJS.WriteStream & PassThrough;
			const writer = writerTo({stdout, stderr}, {json: false});
			writer.print(...lines);
			writer.say(...lines);
			for (const stream of [stdout, stderr]) {
				const said = (stream.read() as Buffer | null)?.toString() ?? '';
				expect(said.split('\n').length - 1).toBe(lines.length);
				expect(said.replaceAll('\n', '')).not.toMatch(driving);
			}
			for (const line of lines) {
				const json = visibleJson(JSON.stringify(line));
				expect(json).not.toMatch(driving);
				expect(JSON.parse(json)).toBe(line);
			}
		}),
	);
	expect(visible(evil)).toBe('␛]0;PWN␇␡31m⏎sluice: all is well······⏎␡');
	expect(visible('Ünï 顧客 👩‍👩‍👧 می‌خواهم')).toBe('Ünï 顧客 👩‍👩‍👧 می‌خواهم');
});

test('no command writes to a terminal itself', () => {
	const folder = 'source/commands';
	const direct = readdirSync(folder)
		.filter((name) => name !== 'writer.ts')
		.filter((name) => /std(out|err)\.write|console\.\w+\(/.test(readFileSync(join(folder, name), 'utf8')));
	expect(direct).toEqual([]);
});

test.runIf(process.env.SLUICE_LONG)(
	'every command on a workspace of hostile names and values sends the terminal no control character of them',
	async () => {
		workspace = new TestWorkspace({
			'sluice.yaml': `name: ${yaml}\nenvironment: ${yaml}\n`,
			'objects/items.yaml': `name: ${yaml}\nfields:\n  - {api_name: code, name: ${yaml}, type: text, identifier: true}\n  - {api_name: name, name: Name, type: text}\n`,
			'connectors/items/sample.csv': 'code,name\nA,a\n',
			'connectors/items/connector.yaml': `name: ${yaml}
type: spreadsheet
object: items
sample_file: sample.csv
variables:
  - {name: code, column: code, type: string, required: true}
  - {name: name, column: name, type: string}
load_steps:
  - name: ${yaml}
    object: items
    matching: [{field: code, variable: code}]
    mapping: [{field: code, variables: [code]}, {field: name, variables: [name], conflict: overwrite}]
`,
			'connectors/broken/connector.yaml': `name: x\ntype: ${yaml}\n${yaml}: 1\nobject: ${yaml}\n`,
			'connectors/broken/sample.csv': 'a\n',
			'connectors/sql/sample.csv': 'code\nA\n',
			'connectors/sql/transform.sql': `SELECT * FROM output.nothing -- ${evil.replaceAll(/[\r\n\u2028]/g, '')}`,
			'connectors/sql/connector.yaml': `name: s\ntype: spreadsheet\nobject: items\nsample_file: sample.csv\nsql: transform.sql\nvariables:\n  - {name: code, column: ${yaml}, scope: ${yaml}, type: string}\n`,
		});
		const cell = `"${evil.replaceAll('"', '')}"`;
		const input = workspace.write(`${evilName}.csv`, `code,name,${cell}\nA,${cell},1\n${cell},b,2\n,c,3\n`);
		const zip = workspace.write(`${evilName}.zip`, Buffer.from(await zipOf({[`${evilName}.csv`]: 'x\n1\n', [`${evilName}.exe`]: ''})));
		const nothing = workspace.write(`${evilName}.txt`, 'x\n');
		const folder = join(workspace.dir, evilName);
		mkdirSync(folder);
		writeFileSync(join(workspace.dir, evilName, 'sluice.yaml'), 'name: inner\n');

		const dir = workspace.dir;
		const withJson = new Set(['validate', 'run', 'executions', 'show', 'logs', 'rows', 'records', 'explain', 'history', 'status', 'infer']);
		let count = 0;
		const used = new Set<string>();
		const run = async (...words: readonly string[]): Promise<string> => {
			used.add(words[0] ?? '');
			let text = '';
			for (const more of withJson.has(words[0] ?? '') && !words.includes(evil) ? [[], ['--json']] : [[]]) {
				const screen = new Screen({
					words: [process.execPath, cli, ...words, ...more],
					cwd: dir,
					columns: 250,
					environment: {SLUICE_USER: `ann${evil}`, SLUICE_THEME: evil},
				});
				await screen.exited;
				expect(withoutOurs(screen.sent), `sluice ${JSON.stringify(words)} ${more}`).not.toMatch(driving);
				count++;
				text += screen.sent;
			}
			return text;
		};

		await run('validate');
		await run('validate', evil);
		await run('activate', 'items');
		await run('activate', 'broken');
		expect(await run('run', 'items', '--input', input)).toContain('␛]0;PWN␇');
		await run('run', 'items', '--input', zip);
		await run('run', 'items', '--input', nothing);
		await run('run', 'items', '--input', `${input}.missing`);
		await run('run', evil, '--input', input, '--dry-run');
		await run('run', 'sql', '--dry-run', '--accept-incomplete');
		await run('executions');
		await run('executions', '--status', evil);
		await run('show', 'last');
		await run('show', evil);
		await run('show', 'last', '--follow');
		await run('logs', 'last');
		await run('rows', 'last', 'load:1');
		await run('tables', 'last');
		await run('records', 'items');
		await run('records', 'items', '--where', `${evil}=1`);
		await run('explain', 'last', '--row', '1');
		await run('explain', 'last', '--row', evil);
		await run('explain', 'last', '--row', '1', '--scope', evil);
		await run('find', 'PWN');
		await run('find', evil);
		await run('history');
		await run('status');
		await run('queue', 'items');
		await run('infer', 'items');
		await run('report', 'last', '--to', join(folder, 'out.xlsx'));
		await run('report', evil, '--to', folder);
		await run('sql-output', 'last', '--to', folder);
		await run('input', 'last', '--to', join(folder, 'none', 'there'));
		await run('archive', 'items', evil);
		await run('unarchive', 'items', evil);
		await run('cancel', evil);
		await run('ack', evil);
		await run('rerun', 'last', '--rows', evil);
		await run('deliveries');
		await run('deliveries', '--redeliver', evil);
		await run('webhook', 'test', evil);
		await run('webhook', evil);
		await run('source', 'test', evil);
		await run('source', evil);
		await run('secret', evil);
		await run('secret', 'remove', evil);
		await run('secret', 'list');
		await run('deactivate', evil);
		await run('doctor');
		await run('backup', join(folder, 'backup'));
		await run('restore', join(folder, 'backup'), join(folder, `restored${evil}`));
		await run('restore', join(folder, 'settings.yaml'), join(folder, 'restored'));
		await run('daemon', 'status');
		await run('daemon', evil);
		await run('daemon', 'run', evil);
		await run('init', folder);
		await run('init', join(folder, 'new'));
		await run('demo', folder);
		await run('daemon', 'start', '--workspace', folder);
		await run('daemon', 'stop', '--workspace', folder);
		await run('completion', evil);
		await run(evil);
		await run('status', `--${evil}`);
		await run('status', evil);
		await run('help', evil);
		await run('status', '--workspace', join(folder, 'nowhere'));
		await run('console', evil);
		await run('wall', evil);
		expect(commands.map(({name}) => name).filter((name) => !used.has(name))).toEqual([]);
		expect(count).toBeGreaterThan(80);

		const screen = Screen.console(dir, {environment: {SLUICE_USER: `ann${evil}`}});
		await screen.until('PWN');
		screen.write('4');
		await screen.until(/items/);
		await screen.close();
		expect(screen.sent).not.toContain('\u001b]0;PWN');
		expect(screen.sent).not.toMatch(/[\u0080-\u009f\u202e\u2066\u200f\u061c\ufeff\u200b\u2028]/);
	},
	180_000,
);
