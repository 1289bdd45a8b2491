import fc from 'fast-check';
import {expect, test} from 'vitest';
import {match} from './build.js';
import {byEngine, byOracle, storeOf} from './oracle/compare.js';
import {type Scenario, scenarios} from './oracle/scenario.js';

const numRuns = process.env.SLUICE_LONG ? 10_000 : 300;

test('the engine and the oracle give every row the same outcome and leave the same records', async () => {
	await fc.assert(
		fc.asyncProperty(scenarios, async (scenario) => {
			const {rows, records, options} = await byEngine(scenario, ...storeOf(scenario));
			expect({rows, records, options}).toEqual(byOracle(scenario, ' (archived 2026-11-20T14:22:05Z)'));
		}),
		{numRuns},
	);
}, 1_800_000);

/** Values that never change hands: only then is a row's fate independent of where its chunk ends. */
function settled(scenario: Scenario): Scenario {
	const steps = scenario.steps.map((step) => ({
		...step,
		matching: step.matching.map((rule) =>
			rule.archivedMatch === 'create_new' ? {...rule, archivedMatch: 'do_not_upload' as const} : rule,
		),
		mapping: step.mapping.map((rule) =>
			['code', 'badge'].includes(rule.field) ? {...rule, conflict: 'only_update_blank' as const} : rule,
		),
	}));
	return {...scenario, steps};
}

test('the size of chunks changes nothing, as long as no unique value changes hands', async () => {
	await fc.assert(
		fc.asyncProperty(scenarios.map(settled), fc.integer({min: 1, max: 9}), async (scenario, otherSize) => {
			const {rows, records, options} = await byEngine(scenario, ...storeOf(scenario));
			const other = await byEngine(scenario, ...storeOf(scenario), otherSize);
			expect({rows: other.rows, records: other.records, options: other.options}).toEqual({rows, records, options});
		}),
		{numRuns: Math.ceil(numRuns / 3)},
	);
}, 1_800_000);

/** Each record meant once, by its identifier; nothing that a later row could make possible for an earlier one. */
function plain(scenario: Scenario): Scenario {
	const seen = new Set<unknown>();
	const rows = scenario.rows.filter((row) => {
		const code = Number.isNaN(Number(row?.code)) ? String(row?.code).toLowerCase() : Number(row?.code);
		return row && !seen.has(code) && seen.add(code);
	});
	const steps = settled(scenario)
		.steps.slice(0, 1)
		.map((step) => ({
			...step,
			matching: [match('code')],
			mapping: step.mapping.filter(({field}) => field !== 'boss' && field !== 'friends'),
		}));
	return {...scenario, rows, steps};
}

test('running the same file again changes nothing', async () => {
	await fc.assert(
		fc.asyncProperty(scenarios.map(plain), async (scenario) => {
			const [store, held] = storeOf(scenario);
			const [first = []] = (await byEngine(scenario, store, held)).outcomes;
			const [second = []] = (await byEngine(scenario, store, held)).outcomes;
			for (const [index, row] of second.entries()) {
				if (first[index]?.outcome === 'errored') expect(row.outcome).toBe('errored');
				else expect([row.outcome, row.reason]).toEqual(['skipped', 'no change']);
			}
		}),
		{numRuns: Math.ceil(numRuns / 3)},
	);
}, 1_800_000);
