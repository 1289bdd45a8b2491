import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {type ConnectorRule, choose, type Running, type Waiting} from '../../source/daemon/dispatch/choose.js';

const open: ConnectorRule = {active: true, valid: true, maxConcurrent: 1};
const live = (id: string, connector = 'a', more: Partial<Waiting> = {}): Waiting => ({
	id,
	connector,
	mode: 'live',
	interrupted: false,
	closing: false,
	...more,
});
const dry = (id: string, connector = 'a'): Waiting => ({...live(id, connector), mode: 'dry'});
const under = (maxRunning: number, rules: Record<string, ConnectorRule> = {}) => ({
	maxRunning,
	ruleOf: (name: string) => rules[name] ?? open,
});

describe('what starts now', () => {
	test('the oldest of a connector, and the next when it may run two', () => {
		const queue = [live('1'), live('2'), live('3')];
		expect(choose(queue, [], under(9)).start).toEqual(['1']);
		expect(choose(queue, [], under(9, {a: {...open, maxConcurrent: 2}})).start).toEqual(['1', '2']);
	});

	test('a connector whose limit is 0 queues and runs nothing', () => {
		const {start, waits} = choose([live('1')], [], under(9, {a: {...open, maxConcurrent: 0}}));
		expect(start).toEqual([]);
		expect(waits.get('1')).toBe('max_concurrent_executions');
	});

	test('connectors share the machine in the order of arrival', () => {
		const {start, waits} = choose([live('1', 'a'), live('2', 'b'), live('3', 'c')], [], under(2));
		expect(start).toEqual(['1', '2']);
		expect(waits.get('3')).toBe('slot');
	});

	test('an inactive connector waits for activation, an unreadable one for its configuration', () => {
		const rules = {a: {...open, active: false}, b: {...open, valid: false}};
		const {start, waits} = choose([live('1', 'a'), live('2', 'b'), live('3', 'c')], [], under(9, rules));
		expect(start).toEqual(['3']);
		expect([waits.get('1'), waits.get('2')]).toEqual(['activation', 'configuration']);
	});

	test('a dry run has a slot of its own, in every status of the connector', () => {
		const inactive = {a: {active: false, valid: true, maxConcurrent: 0}};
		const running: Running[] = [{id: '0', connector: 'b', mode: 'live'}];
		const {start, waits} = choose([dry('1'), dry('2')], running, under(1, inactive));
		expect(start).toEqual(['1']);
		expect(waits.get('2')).toBe('slot');
	});

	test('an interrupted execution goes on although its connector was deactivated or broken since', () => {
		const rules = {a: {active: false, valid: false, maxConcurrent: 1}};
		expect(choose([live('1', 'a', {interrupted: true}), live('2')], [], under(9, rules)).start).toEqual(['1']);
	});

	test('one that only has to be closed waits for nobody but a disk', () => {
		const rules = {a: {active: false, valid: false, maxConcurrent: 0}};
		const closing = live('1', 'a', {closing: true});
		expect(choose([closing], [live('r')], under(1, rules)).start).toEqual(['1']);
		const {start, waits} = choose([closing], [], {...under(1, rules), waitsForDisk: () => true});
		expect([start, waits.get('1')]).toEqual([[], 'disk']);
	});

	test('one whose last process has not left keeps its place, and says what a person must do first', () => {
		const leaves = (id: string) => id === '1';
		const {start, waits} = choose([live('1'), live('2'), live('3', 'b')], [], {...under(9), leaves});
		expect([start, waits.get('1'), waits.get('2')]).toEqual([['3'], 'start', 'start']);
		const inactive = choose([live('1')], [], {...under(9, {a: {...open, active: false}}), leaves});
		expect(inactive.waits.get('1')).toBe('activation');
	});
});

test('no limit is ever passed, nobody overtakes within a connector, and whatever could start does', () => {
	const names = ['a', 'b', 'c'];
	const execution = fc.record({
		connector: fc.constantFrom(...names),
		mode: fc.constantFrom('live' as const, 'dry' as const),
		interrupted: fc.boolean(),
	});
	const rule = fc.record({active: fc.boolean(), valid: fc.boolean(), maxConcurrent: fc.integer({min: 0, max: 3})});
	fc.assert(
		fc.property(
			fc.array(execution, {maxLength: 15}),
			fc.array(execution, {maxLength: 4}),
			fc.array(rule, {minLength: 3, maxLength: 3}),
			fc.integer({min: 1, max: 4}),
			(waiting, busy, rules, maxRunning) => {
				const queue = waiting.map((one, index) => ({...one, id: `w${index}`, closing: false}));
				const running = busy.map((one, index) => ({...one, id: `r${index}`}));
				const ruleOf = (name: string): ConnectorRule => rules[names.indexOf(name)] ?? open;
				const {start, waits} = choose(queue, running, {maxRunning, ruleOf});

				// Everything either starts or waits, and never both.
				expect([...start, ...waits.keys()].sort()).toEqual(queue.map(({id}) => id).sort());
				const started = queue.filter(({id}) => start.includes(id));
				const after = [...running, ...started];
				const count = (list: readonly {connector: string; mode: string}[], mode: string, name?: string) =>
					list.filter((one) => one.mode === mode && (name === undefined || one.connector === name)).length;
				if (count(started, 'live') > 0) expect(count(after, 'live')).toBeLessThanOrEqual(maxRunning);
				if (count(started, 'dry') > 0) expect(count(after, 'dry')).toBe(1);
				for (const name of names) {
					const own = queue.filter(({connector, mode}) => connector === name && mode === 'live');
					const firstHeld = own.findIndex(({id}) => waits.has(id));
					if (firstHeld >= 0) expect(own.slice(firstHeld).every(({id}) => waits.has(id))).toBe(true);
					if (count(started, 'live', name) > 0) expect(count(after, 'live', name)).toBeLessThanOrEqual(ruleOf(name).maxConcurrent);
					// The first that waits could not have started: some limit or rule stands against it.
					const held = own[firstHeld];
					if (!held) continue;
					const blocked =
						(!held.interrupted && !(ruleOf(name).active && ruleOf(name).valid)) ||
						count(after, 'live', name) >= ruleOf(name).maxConcurrent ||
						count(after, 'live') >= maxRunning;
					expect(blocked).toBe(true);
				}
			},
		),
		{numRuns: process.env.SLUICE_LONG ? 20_000 : 500},
	);
});
