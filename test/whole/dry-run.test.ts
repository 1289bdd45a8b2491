import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import Database from 'better-sqlite3';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Execution} from '../../source/model/execution.js';
import type {RelatedRecord} from '../../source/model/related-record.js';
import {demoWorkspace, type TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;
let run: Execution;

beforeAll(async () => {
	workspace = await demoWorkspace();
	run = await workspace.run('vendor_products', 'connectors/vendor_products/sample.zip');
});

afterAll(async () => {
	await workspace.close();
});

test('every row of every scope is accounted for in each step, and the records are those the counts tell', async () => {
	for (const stage of run.stages.filter(({stage: name}) => name.startsWith('load:'))) {
		const told = (stage.created ?? 0) + (stage.updated ?? 0) + (stage.skipped ?? 0) + (stage.errored ?? 0);
		expect(told).toBe(run.rows.by_scope[stage.scope ?? '']);
		const outcomes = (await rows(run, stage.stage)).map(({outcome}) => outcome);
		expect(outcomes.length).toBe(told);
		expect(outcomes.filter((outcome) => outcome === 'created').length).toBe(stage.created);
		const records = await workspace.json(['records', stage.object ?? '']);
		expect(records.length).toBe(stage.created);
	}
});

test('a dry run changes no byte of the store and predicts row by row what the live run then does', async () => {
	expect((await workspace.cli('archive', 'vendors', '0042')).code).toBe(0);
	const before = digest(workspace.dir);

	const dry = await workspace.run('vendor_products', 'inputs/next_week.zip', '--dry-run');
	expect(digest(workspace.dir)).toBe(before);
	const live = await workspace.run('vendor_products', 'inputs/next_week.zip');

	expect(dry.counts).toEqual(live.counts);
	for (const table of ['load:1', 'load:2', 'load:3']) {
		const predicted = await rows(dry, table);
		expect(predicted.every(({record_id: id}) => id === null)).toBe(true);
		expect(predicted.map(withoutIds)).toEqual((await rows(live, table)).map(withoutIds));
	}
	expect(digest(workspace.dir)).not.toBe(before);
});

type LoadRow = Readonly<Record<string, unknown>> & {readonly outcome: string; readonly record_id: string | null};

function rows({id}: Execution, table: string): Promise<readonly LoadRow[]> {
	return workspace.json<LoadRow>(['rows', id, table, '--limit', '0']);
}

/** Ids of records are made up anew by each run, and none is shown of a record to be created: related records are compared by identifier. */
function withoutIds({related = {}, ...row}: LoadRow): unknown {
	const named = Object.values(related as Readonly<Record<string, readonly RelatedRecord[]>>).flat();
	const text = named.reduce(
		(told, {id, record}) => (id === null ? told : told.replaceAll(id, record ?? '')),
		JSON.stringify({...row, record_id: null}),
	);
	return JSON.parse(text.replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'id'));
}

/** The store's bytes, once its log has been brought in (a truncating checkpoint). */
function digest(dir: string): string {
	const file = join(dir, '.sluice/sluice.db');
	const db = new Database(file);
	db.pragma('wal_checkpoint(TRUNCATE)');
	db.close();
	return createHash('sha256').update(readFileSync(file)).digest('hex');
}
