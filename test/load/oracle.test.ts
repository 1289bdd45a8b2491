import fc from 'fast-check';
import {expect, test} from 'vitest';
import {byEngine, byOracle, storeOf} from './oracle/compare.js';
import {scenarios} from './oracle/scenario.js';

const numRuns = process.env.SLUICE_LONG ? 10_000 : 300;

test('the engine and the oracle give every row the same outcome and leave the same records', async () => {
	await fc.assert(
		fc.asyncProperty(scenarios, async (scenario) => {
			const {rows, records, options} = await byEngine(scenario, storeOf(scenario));
			expect({rows, records, options}).toEqual(byOracle(scenario, ' (archived 2026-11-20T14:22:05Z)'));
		}),
		{numRuns},
	);
}, 1_800_000);
