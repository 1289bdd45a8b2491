import {expect, test} from 'vitest';
import {ExecutionProgress} from '../../source/engine/execution/progress.js';
import type {Connector} from '../../source/model/connector.js';

const connector = {loadSteps: [], export: null} as unknown as Connector;

test('the time of a run and of its stages is measured while a runner works: waiting between runners and steps of the wall clock do not count', () => {
	let wall = Date.parse('2026-11-20T10:00:00Z');
	let monotonicMs = 0;
	const runner = () =>
		new ExecutionProgress(
			connector,
			() => undefined,
			() => new Date(wall),
			() => monotonicMs,
		);
	const first = runner();
	first.begin('sql');
	monotonicMs += 1500;
	const left = first.snapshot();
	expect(left.took_ms).toBe(1500);

	wall -= 86_400_000;
	monotonicMs += 3_600_000;
	const second = runner();
	second.restore(left);
	second.begin('sql');
	monotonicMs += 500;
	second.end('sql');
	monotonicMs += 100;
	const {took_ms, stages} = second.snapshot();
	expect(took_ms).toBe(2100);
	expect(stages.find(({stage}) => stage === 'sql')).toMatchObject({state: 'completed', took_ms: 2000});
	expect(stages.find(({stage}) => stage === 'intake')).not.toHaveProperty('took_ms');
});
