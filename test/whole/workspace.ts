import {execFile} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Client} from '../../source/api/client.js';
import {connect} from '../../source/api/connect.js';
import type {Execution} from '../../source/model/execution.js';
import {copyDemo} from '../../source/workspace/scaffold.js';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** An engine that ends with its daemon may still write its last file. */
const patience = {maxRetries: 20, retryDelay: 100};

export type Said = {readonly code: number; readonly out: string; readonly err: string};

/** A workspace in a folder of its own, worked on through the built command line as its users do. */
export class TestWorkspace {
	readonly dir: string;
	readonly #kept: string[] = [];

	/** @param name part of the folder's name */
	constructor(files: Readonly<Record<string, string>> = {}, name = '') {
		this.dir = mkdtempSync(join(tmpdir(), `sluice-whole-${name}`));
		for (const [path, text] of Object.entries({'sluice.yaml': 'name: test\n', ...files})) this.write(path, text);
	}

	write(path: string, text: string | Buffer): string {
		const full = join(this.dir, path);
		mkdirSync(dirname(full), {recursive: true});
		writeFileSync(full, text);
		return full;
	}

	read(path: string): string {
		return readFileSync(join(this.dir, path), 'utf8');
	}

	cli(...words: readonly string[]): Promise<Said> {
		return new Promise((resolve) => {
			execFile(
				process.execPath,
				[cli, ...words, '--workspace', this.dir],
				{cwd: this.dir, encoding: 'utf8', maxBuffer: 1 << 28},
				(error, out, err) => resolve({code: error ? Number(error.code ?? 1) : 0, out, err}),
			);
		});
	}

	/** A client of the daemon, which is started where it does not run. */
	client(): Promise<Client> {
		return connect({workspaceDir: this.dir, program: [process.execPath, cli, 'daemon', 'run', '--idle', '--workspace', this.dir]});
	}

	/** The objects a command prints, one a line. @throws when it does not end with one of `codes` */
	async json<Item>(words: readonly string[], codes: readonly number[] = [0]): Promise<readonly Item[]> {
		const said = await this.cli(...words, '--json');
		if (!codes.includes(said.code)) throw new Error(`sluice ${words.join(' ')}: exit ${said.code}\n${said.err}${said.out}`);
		return said.out
			.split('\n')
			.filter(Boolean)
			.map((line) => JSON.parse(line) as Item);
	}

	async run(connector: string, input: string, ...more: readonly string[]): Promise<Execution> {
		const [execution] = await this.json<Execution>(['run', connector, '--input', resolve(this.dir, input), ...more], [0, 1, 3]);
		if (!execution) throw new Error('run printed nothing');
		return execution;
	}

	/** The processes of one kind that work in this workspace. */
	pids(kind: 'daemon' | 'runner' | 'worker'): readonly number[] {
		const sign = {daemon: 'daemon\0run', runner: 'engine/main.js', worker: 'sql/worker/main.js'}[kind];
		return readdirSync('/proc')
			.filter((name) => /^\d+$/.test(name))
			.filter((pid) => {
				try {
					const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
					return command.includes(sign) && (command.includes(this.dir) || readlinkSync(`/proc/${pid}/cwd`).startsWith(this.dir));
				} catch {
					return false;
				}
			})
			.map(Number);
	}

	/**
	 * Ends the daemon and remembers the folder as it is.
	 *
	 * @returns puts everything back as it was then, without a daemon
	 */
	async snapshot(): Promise<() => Promise<void>> {
		const kept = mkdtempSync(join(tmpdir(), 'sluice-whole-kept-'));
		await this.cli('daemon', 'stop');
		cpSync(this.dir, kept, {recursive: true, preserveTimestamps: true, verbatimSymlinks: true});
		this.#kept.push(kept);
		return async () => {
			await this.cli('daemon', 'stop');
			for (const name of readdirSync(this.dir)) rmSync(join(this.dir, name), {recursive: true, force: true, ...patience});
			cpSync(kept, this.dir, {recursive: true, preserveTimestamps: true, verbatimSymlinks: true});
		};
	}

	async close(): Promise<void> {
		await this.cli('daemon', 'stop');
		for (const folder of [this.dir, ...this.#kept]) rmSync(folder, {recursive: true, force: true, ...patience});
	}
}

/**
 * One object and one connector without SQL: rows of `code,name`, matched by code.
 *
 * @param sandbox whether its runs start behind the machine's second wall, which takes a fifth longer
 */
export function itemsWorkspace(chunkSize: number, {sandbox = false} = {}): TestWorkspace {
	return new TestWorkspace({
		'sluice.yaml': `name: test\n${sandbox ? '' : 'limits: {sql_sandbox: off}\n'}`,
		'objects/items.yaml':
			'name: Items\nfields:\n  - {api_name: code, name: Code, type: text, identifier: true}\n  - {api_name: name, name: Name, type: text}\n',
		'connectors/items/sample.csv': 'code,name\nA,a\n',
		'connectors/items/connector.yaml': `name: Items
type: spreadsheet
object: items
sample_file: sample.csv
variables:
  - {name: code, column: code, type: string, required: true}
  - {name: name, column: name, type: string}
load_steps:
  - name: Items
    object: items
    matching: [{field: code, variable: code}]
    mapping:
      - {field: code, variables: [code]}
      - {field: name, variables: [name], conflict: overwrite}
settings: {chunk_size: ${chunkSize}}
`,
	});
}

/** The demo workspace as `sluice demo` makes it, both connectors active, nothing run yet. */
export async function demoWorkspace(): Promise<TestWorkspace> {
	const workspace = new TestWorkspace();
	rmSync(join(workspace.dir, 'sluice.yaml'));
	await copyDemo(workspace.dir);
	for (const connector of ['vendor_products', 'contacts']) {
		const {code, err} = await workspace.cli('activate', connector);
		if (code !== 0) throw new Error(`activate ${connector}: ${err}`);
	}
	return workspace;
}
