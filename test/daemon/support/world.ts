import {mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {type Client, createClient} from '../../../source/api/client.js';
import type {RunRequest} from '../../../source/api/contract.js';
import {type RunningDaemon, startDaemon} from '../../../source/daemon/daemon.js';
import type {Execution} from '../../../source/model/execution.js';

export const fakeRunner = fileURLToPath(new URL('../fake-runner.mjs', import.meta.url));

const object = `name: People
fields:
  - {api_name: email, name: Email, type: text, identifier: true}
  - {api_name: name, name: Name, type: text}
`;

export const connectorYaml = (name: string, more = '') => `name: ${name}
type: spreadsheet
object: people
sample_file: sample.csv
variables:
  - {name: email, scope: input, column: email, type: string}
load_steps:
  - name: People
    object: people
    scope: input
    matching: [{field: email, variable: email}]
    mapping: [{field: email, variables: [email], conflict: overwrite}]
${more}`;

/** A workspace in a folder of its own, and the daemon that serves it. */
export class World {
	readonly dir: string;
	daemon: RunningDaemon | null = null;

	constructor(yaml = 'name: test\ntimezone: UTC\n') {
		this.dir = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-daemon-')));
		this.write('sluice.yaml', yaml);
		this.write('objects/people.yaml', object);
	}

	path(...parts: string[]): string {
		return join(this.dir, ...parts);
	}

	write(path: string, text: string): string {
		const file = this.path(path);
		mkdirSync(dirname(file), {recursive: true});
		writeFileSync(file, text);
		return file;
	}

	connector(name: string, more = '', sql?: string): void {
		this.write(`connectors/${name}/connector.yaml`, connectorYaml(name, `${sql === undefined ? '' : 'sql: transform.sql\n'}${more}`));
		this.write(`connectors/${name}/sample.csv`, 'email\na@x\n');
		if (sql !== undefined) this.write(`connectors/${name}/transform.sql`, sql);
	}

	async start(runnerEntry = fakeRunner, idleMs: number | null = null): Promise<Client> {
		this.daemon = await startDaemon({workspaceDir: this.dir, idleMs, runnerEntry});
		return this.client('ann');
	}

	client(user: string): Client {
		return createClient(this.daemon?.socket ?? '', {user, from: 'cli'});
	}

	/** The request to run a file whose name tells the fake runner what to do. */
	request(connector: string, name: string, more: Partial<RunRequest> = {}): RunRequest {
		const input = this.write(`files/${name}`, 'email\na@x\nb@x\n');
		return {connector, input, mode: 'live', diff_check: true, accept_incomplete: false, notify: null, confirm: null, ...more};
	}

	async end(): Promise<void> {
		await this.daemon?.stop();
		rmSync(this.dir, {recursive: true, force: true, maxRetries: 20, retryDelay: 100});
	}
}

/** Waits for an execution to satisfy `wanted`, by listening to the daemon's events. */
export async function until(client: Client, id: string, wanted: (execution: Execution) => boolean): Promise<Execution> {
	const abort = new AbortController();
	try {
		for await (const heard of client.events(abort.signal)) {
			if (heard.heard === 'lost') continue;
			if (heard.heard === 'event' && (heard.event.type !== 'execution' || heard.event.execution.id !== id)) continue;
			const execution = await client.execution(id);
			if (wanted(execution)) return execution;
		}
	} finally {
		abort.abort();
	}
	throw new Error('The stream of events ended');
}

export const ended = ({status}: Execution): boolean => status !== 'queued' && status !== 'running';
export const working = ({status, stages}: Execution): boolean => status === 'running' && stages.length > 0;
