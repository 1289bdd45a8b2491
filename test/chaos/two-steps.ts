import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import Database from 'better-sqlite3';
import type {Client} from '../../source/api/client.js';
import {SluiceError} from '../../source/model/errors.js';
import type {Execution} from '../../source/model/execution.js';
import {TestWorkspace} from '../whole/workspace.js';

const connector = 'goods';
const exporter = 'goods_out';
const slow = 'slow';
/** So many lines joined with themselves take longer than anybody waits. */
const slowLines = 60_000;

/** SQL, two steps on two objects, the diff check, an automation that speaks, a mail at the end, and an export: every effect that a run can have. */
export function twoStepsWorkspace(chunkSize = 2): TestWorkspace {
	const workspace = new TestWorkspace({
		'sluice.yaml': 'name: test\n',
		'objects/makers.yaml':
			'name: Makers\nfields:\n  - {api_name: code, name: Code, type: text, identifier: true}\n  - {api_name: town, name: Town, type: text}\n',
		'objects/goods.yaml':
			'name: Goods\nfields:\n  - {api_name: sku, name: SKU, type: text, identifier: true}\n  - {api_name: price, name: Price, type: decimal}\n',
		'automations/welcome.yaml': 'name: Welcome\ntrigger: manual\nobject: goods\naction: {log: {message: new goods}}\n',
		'connectors/goods_out/connector.yaml':
			'name: Goods out\noperation: export\nexport: {object: goods, format: csv, to: "out/{connector}.csv"}\n',
		'connectors/goods/sample.csv': 'sku,price,maker,town\nA,1,M,T\n',
		'connectors/goods/transform.sql':
			'CREATE TABLE output.lines AS SELECT sku, price, maker, town, _line FROM input.sample ORDER BY _line;\n',
		'connectors/goods/connector.yaml': `name: Goods
type: spreadsheet
object: goods
sample_file: sample.csv
sql: transform.sql
diff_check: true
variables:
  - {name: sku, scope: lines, column: sku, type: string, required: true}
  - {name: price, scope: lines, column: price, type: number}
  - {name: maker, scope: lines, column: maker, type: string}
  - {name: town, scope: lines, column: town, type: string}
load_steps:
  - name: Makers
    object: makers
    scope: lines
    matching: [{field: code, variable: maker}]
    mapping:
      - {field: code, variables: [maker]}
      - {field: town, variables: [town], conflict: overwrite}
  - name: Goods
    object: goods
    scope: lines
    matching: [{field: sku, variable: sku}]
    mapping:
      - {field: sku, variables: [sku]}
      - {field: price, variables: [price], conflict: overwrite}
    automations: {on_create: [welcome]}
settings: {chunk_size: ${chunkSize}, notify_on: all, notification_emails: [desk@example.com]}
`,
		'connectors/slow/sample.csv': 'code,town\nA,a\n',
		'connectors/slow/transform.sql': `CREATE TABLE output.makers AS
SELECT toString(count()) AS code, 'x' AS town FROM input.page_idx_0 a CROSS JOIN input.page_idx_0 b WHERE a.town || b.code < b.town || a.code;
`,
		'connectors/slow/connector.yaml': `name: Slow
type: spreadsheet
object: makers
sample_file: sample.csv
sql: transform.sql
variables:
  - {name: code, scope: makers, column: code, type: string, required: true}
load_steps:
  - name: Makers
    object: makers
    scope: makers
    matching: [{field: code, variable: code}]
    mapping: [{field: code, variables: [code]}]
`,
	});
	workspace.write('slow.csv', `code,town\n${Array.from({length: slowLines}, (_, n) => `C${n},Town ${n}`).join('\n')}\n`);
	workspace.write(
		'first.csv',
		`sku,price,maker,town\n${[1, 2, 3, 4, 5].map((n) => `S${n},${n},M${n % 2},Town ${n % 2}`).join('\n')}\n,9,M1,Town 1\n`,
	);
	workspace.write(
		'second.csv',
		`sku,price,maker,town\n${[1, 2, 3, 4, 6].map((n) => `S${n},${n === 2 ? 20 : n},M${n % 2},Town ${n % 2}`).join('\n')}\n`,
	);
	return workspace;
}

/**
 * What a person does in a day: activate, run, run again with the diff check, export, archive a record, deactivate, queue one more, cancel
 * it; start a run that takes for ever, cancel it in the middle of its SQL, acknowledge it. Whatever dies on the way, each deed is looked up
 * and repeated where it did not happen, as a person would.
 */
export async function liveThroughADay(workspace: TestWorkspace): Promise<void> {
	/** Does the deed until it is done. */
	const until = async (done: (client: Client) => Promise<boolean>, deed: (client: Client) => Promise<unknown>) => {
		while (!(await untilAnswered(workspace, done))) {
			await tried(workspace, deed);
			await pause(10);
		}
	};
	const isActive = (name: string) => async (client: Client) => (await client.connector(name)).status === 'operational';
	const newest = async (client: Client) => (await client.executions({limit: 1})).items[0];
	const submit = (count: number, file: string | null, name = connector) =>
		until(
			async (client) => (await client.executions({limit: 10})).total >= count,
			(client) =>
				client.run({
					connector: name,
					mode: 'live',
					input: file === null ? null : join(workspace.dir, file),
					diff_check: true,
					notify: null,
					accept_incomplete: false,
					confirm: null,
				}),
		);
	const end = () =>
		until(
			async (client) => isOver((await newest(client))?.status ?? 'queued'),
			() => pause(20),
		);
	await until(isActive(connector), (client) => client.activate(connector));
	await submit(1, 'first.csv');
	await end();
	await submit(2, 'second.csv');
	await end();
	await until(isActive(exporter), (client) => client.activate(exporter));
	await submit(3, null, exporter);
	await end();
	await until(
		async (client) => (await client.records('goods', {archived: true, find: 'S5'})).items.every(({archived}) => archived),
		(client) => client.archive('goods', ['S5']),
	);
	await until(
		async (client) => !(await isActive(connector)(client)),
		(client) => client.deactivate(connector),
	);
	await submit(4, 'first.csv');
	await until(
		async (client) => (await newest(client))?.status === 'cancelled',
		async (client) => client.cancel((await newest(client))?.id ?? ''),
	);
	await until(isActive(slow), (client) => client.activate(slow));
	await submit(5, 'slow.csv', slow);
	await until(
		async (client) => (await newest(client))?.stages.some(({stage, state}) => stage === 'sql' && state === 'running') ?? false,
		() => pause(20),
	);
	await until(
		async (client) => (await newest(client))?.status === 'cancelled',
		async (client) => {
			const {id, stages} = (await newest(client)) ?? {id: '', stages: []};
			if (stages.some(({stage, state}) => stage === 'sql' && state === 'running')) await client.cancel(id);
		},
	);
	await until(
		async () => acknowledged(workspace),
		async (client) => client.acknowledge((await newest(client))?.id ?? ''),
	);
	await until(
		async () => allIsRead(workspace),
		() => pause(20),
	);
}

/** Asks; a daemon that dies meanwhile is started again. */
async function untilAnswered<Answer>(workspace: TestWorkspace, question: (client: Client) => Promise<Answer>): Promise<Answer> {
	for (;;) {
		try {
			return await question(await workspace.client());
		} catch (error) {
			if (!isDaemonGone(error)) throw error;
			await pause(10);
		}
	}
}

async function tried(workspace: TestWorkspace, deed: (client: Client) => Promise<unknown>): Promise<void> {
	try {
		await deed(await workspace.client());
	} catch (error) {
		// why task.failed: the runner that validated the sample was the one to die
		if (!isDaemonGone(error) && !(error instanceof SluiceError && error.code === 'task.failed')) throw error;
	}
}

function isDaemonGone(error: unknown): boolean {
	return error instanceof SluiceError && error.code.startsWith('daemon.');
}

/** Whether the daemon has turned every event of the store into what it leads to. */
function allIsRead({dir}: TestWorkspace): boolean {
	const records = open(join(dir, '.sluice/sluice.db'));
	const control = open(join(dir, '.sluice/control.db'));
	try {
		const {last, left} = records
			.prepare("SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'outbox') AS last, (SELECT count(*) FROM outbox) AS left")
			.get() as {last: number; left: number};
		const {value} = (control.prepare("SELECT value FROM facts WHERE name = 'outbox read up to'").get() ?? {value: '0'}) as {value: string};
		const waiting = control.prepare("SELECT count(*) AS waiting FROM deliveries WHERE state = 'waiting'").get() as {waiting: number};
		return Number(value) === last && left === 0 && waiting.waiting === 0;
	} finally {
		records.close();
		control.close();
	}
}

function acknowledged({dir}: TestWorkspace): boolean {
	const control = open(join(dir, '.sluice/control.db'));
	try {
		return control.prepare('SELECT acked_at FROM executions ORDER BY seq DESC LIMIT 1').pluck().get() !== null;
	} finally {
		control.close();
	}
}

function isOver(status: Execution['status']): boolean {
	return status !== 'queued' && status !== 'running';
}

/** Everything that a day left, without the ids and times that chance gives: equal for equal days. */
export async function leftBehind({dir}: TestWorkspace, rowsOf: (execution: string, table: string) => Promise<readonly unknown[]>) {
	const records = open(join(dir, '.sluice/sluice.db'));
	const control = open(join(dir, '.sluice/control.db'));
	try {
		const executions = control
			.prepare('SELECT id, operation, status, progress, errored, done, error FROM executions ORDER BY seq')
			.all() as StoredRow[];
		const results: unknown[] = [];
		for (const {id, operation, status} of executions) {
			if (status === 'cancelled') continue;
			for (const table of operation === 'export' ? ['sql:goods'] : ['load:1', 'load:2'])
				results.push(withoutIds(await rowsOf(id, table), executions));
		}
		return {
			integrity: [records, control].map((db) => db.pragma('integrity_check', {simple: true})),
			goods: records.prepare('SELECT sku, price, _archived FROM record_goods ORDER BY sku').all(),
			makers: records.prepare('SELECT code, town, _archived FROM record_makers ORDER BY code').all(),
			events: records.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").get(),
			remembered: remembered(records),
			executions: executions.map(({status, progress, errored, done, error}) => ({
				status,
				errored,
				done,
				error,
				// why: how far a run was when it was cancelled is chance; that nothing of it still runs is not
				stages: status === 'cancelled' ? stagesIn(progress)?.some(({state}) => state === 'running') : stagesIn(progress),
			})),
			deliveries: control.prepare('SELECT kind, target, connector, state, attempts FROM deliveries ORDER BY seq').all(),
			connector: control.prepare('SELECT active, ever_active, needs_attention, reason FROM connectors').all(),
			// why: what dies between saying and doing has said it, and the person who repeats it says it again
			archiveTold: control.prepare("SELECT count(*) > 0 AS told FROM history WHERE what = 'archive'").get(),
			history: control
				.prepare("SELECT what, connector, who FROM history WHERE what NOT IN ('interrupted', 'archive', 'archive failed') ORDER BY seq")
				.all(),
			readUpTo: control.prepare("SELECT value FROM facts WHERE name = 'outbox read up to'").get(),
			spoken: spoken(dir),
			results,
			exported: readdirSync(join(dir, 'out')).map((name) => [name, readFileSync(join(dir, 'out', name), 'utf8')]),
		};
	} finally {
		records.close();
		control.close();
	}
}

/** An execution is called by its number here. */
function withoutIds(rows: readonly unknown[], executions: readonly {id: string}[]): unknown {
	return JSON.parse(executions.reduce((text, {id}, index) => text.replaceAll(id, `execution ${index + 1}`), JSON.stringify(rows)));
}

type StoredRow = {
	id: string;
	operation: string;
	status: string;
	progress: string | null;
	errored: number;
	done: string | null;
	error: string | null;
};

/** The blocks of hashes in effect, as one mark for each scope: they hold no ids or times but the executions'. */
function remembered(records: Database.Database): unknown {
	const columns = (records.pragma('table_info(diff_block)') as {name: string; type: string}[]).map(({name}) => name);
	const hashes = columns.filter((name) => name.includes('hash'));
	const rows = records
		.prepare(`SELECT ${hashes.join(', ')} FROM diff_block ORDER BY 1`)
		.raw()
		.all() as unknown[][];
	return rows.map((row) =>
		row.map((value) =>
			createHash('sha256')
				.update(value as Buffer)
				.digest('hex'),
		),
	);
}

function stagesIn(progress: string | null): readonly Record<string, unknown>[] | null {
	if (progress === null) return null;
	const {stages} = JSON.parse(progress) as {stages: Record<string, unknown>[]};
	return stages.map(({started_at: _, ended_at: __, took_ms: ___, ...stage}) => stage);
}

/** What the automation said, each event once: a line may be written twice when the daemon dies between the line and its note. */
function spoken(dir: string): unknown {
	const file = join(dir, '.sluice/log/daemon.log');
	const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
	const said = lines.flatMap((line) => {
		if (!line.includes('"automation":"welcome"')) return [];
		try {
			const {event, object, record} = JSON.parse(line) as Record<string, string>;
			return [`${event} ${object} ${record}`];
		} catch {
			// a line that the kill cut short
			return [];
		}
	});
	return new Set(said).size;
}

function open(file: string): Database.Database {
	return new Database(file, {readonly: true});
}
