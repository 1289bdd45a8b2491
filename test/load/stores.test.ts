import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {noCounts} from '../../source/model/outcome.js';
import type {ChunkCommit, RecordStore} from '../../source/store/record-store.js';
import {openStore} from '../../source/store/sqlite/open-store.js';
import {openOverlay} from '../../source/store/sqlite/overlay.js';
import {readRecords} from '../../source/store/sqlite/read-records.js';
import {byEngine, byOracle, type Held, typedFields} from './oracle/compare.js';
import {type Scenario, scenarios} from './oracle/scenario.js';

/* The same scenarios as against the plain map, on the stores that executions use. */

const numRuns = process.env.SLUICE_LONG ? 1000 : 40;
const mark = ' (archived 2026-11-20T14:22:05Z)';

/** Commits the seeds one by one: those that are archived first, so that no two active records ever hold one unique value. */
async function seed(store: RecordStore, {objects, seeds}: Scenario): Promise<void> {
	const nothing = {execution: 'seeds', lease: 1, step: 1, fields: [], pushAsides: [], creates: [], updates: [], options: [], events: []};
	let chunk = 0;
	const commit = async (object: string, more: Partial<ChunkCommit>) => {
		await store.beginChunk();
		await store.commitChunk({...nothing, object, chunk: ++chunk, counts: noCounts, ...more});
	};
	for (const {object, id, fields, archived} of [...seeds].sort((a, b) => Number(b.archived) - Number(a.archived))) {
		const values = typedFields(objects, object, fields);
		await commit(object, {fields: Object.keys(values), creates: [{id, values: Object.values(values)}]});
		if (archived) await commit(object, {updates: [{id, changes: {}, archived: true}]});
	}
}

async function heldIn(file: string, {objects}: Scenario): Promise<Held> {
	const held = new Map();
	for (const object of objects) {
		const {items} = await readRecords(file, object, {archived: true, limit: 0});
		held.set(object.apiName, new Map(items.map(({id, archived, fields}) => [id, {archived, fields: new Map(Object.entries(fields))}])));
	}
	return held;
}

async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
	const folder = mkdtempSync(join(tmpdir(), 'sluice-load-stores-'));
	try {
		return await work(folder);
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}

async function withSeeds(folder: string, scenario: Scenario) {
	const file = join(folder, 'sluice.db');
	const store = await openStore(file, scenario.objects);
	await store.takeLease('seeds', 1);
	await seed(store, scenario);
	return {file, store};
}

test('a live run leaves in SQLite what the oracle says', async () => {
	await fc.assert(
		fc.asyncProperty(scenarios, (scenario) =>
			inFolder(async (folder) => {
				const {file, store} = await withSeeds(folder, scenario);
				await store.takeLease('e', 1);
				const {rows, records, options} = await byEngine(scenario, store, () => heldIn(file, scenario));
				await store.close();
				expect({rows, records, options}).toEqual(byOracle(scenario, mark));
			}),
		),
		{numRuns},
	);
}, 1_800_000);

test('a dry run predicts exactly that, and writes nothing', async () => {
	await fc.assert(
		fc.asyncProperty(scenarios, (scenario) =>
			inFolder(async (folder) => {
				const {file, store} = await withSeeds(folder, scenario);
				await store.close();
				const before = await heldIn(file, scenario);
				const scratch = join(folder, 'scratch');
				mkdirSync(scratch);
				const overlay = await openOverlay(file, scratch, scenario.objects);
				await overlay.takeLease('e', 1);
				const {outcomes} = await byEngine(scenario, overlay, async () => before);
				await overlay.close();
				const expected = byOracle(scenario, mark).rows as readonly (readonly {outcome: string; rule: number; warnings: number}[])[];
				expect(outcomes.map((step) => step.map(({outcome, rule, warnings}) => [outcome, rule, warnings.length]))).toEqual(
					expected.map((step) => step.map(({outcome, rule, warnings}) => [outcome, rule, warnings])),
				);
				expect(await heldIn(file, scenario)).toEqual(before);
			}),
		),
		{numRuns},
	);
}, 1_800_000);
