import {expect, test} from 'vitest';
import type {ConnectorDetail, Proposal} from '../../../source/api/contract.js';
import {type Command, start, update} from '../../../source/console/screens/connector/model.js';
import {connector as screen} from '../../../source/console/screens/connector/screen.js';
import type {Effect} from '../../../source/console/screens/effect.js';
import {connectorSummaryOf, small, withConnectors} from './support/around.js';
import {after, answer, asked} from './support/steps.js';

/* What is done with a connector beside running it: variables proposed from its sample, a test request to its webhook. */

const detail: ConnectorDetail = {
	...connectorSummaryOf({type: 'webhook'}),
	description: null,
	operation: 'import',
	lacks: [],
	file: '/w/connectors/orders/connector.yaml',
	configuration: null,
	next_runs: [],
};
const proposals: readonly Proposal[] = [
	{name: 'sku', scope: 'orders', column: 'sku', type: 'string', required: true},
	{name: 'day', scope: 'orders', column: 'day', type: 'date', input_format: 'DD/MM/YYYY', note: null},
];
const told = (given: ConnectorDetail = detail) =>
	after(update, start({screen: 'connector', connector: 'orders'})[0], [{type: 'detailCame', detail: given}]).state;

function choicesOf(effects: readonly Effect<Command>[]) {
	const found = effects.find((effect) => 'menu' in effect);
	if (found === undefined || !('menu' in found)) throw new Error('no menu');
	return found.menu.choices;
}

test('the variables a sample suggests are shown before anything is written, each as the line it would be', () => {
	const asking = after(update, told(), [{type: 'infer'}]);
	expect(asked(asking.effects)).toEqual([['infer', 'orders', {}]]);
	const [all, sku, day] = choicesOf(
		after(update, told(), [answer(asking.effects, 'infer', {read: {notes: []}, items: proposals, written: null})]).effects,
	);
	expect([all?.label, sku?.label, day?.label]).toEqual([
		'write the 2 new ones into connector.yaml',
		'{name: sku, scope: orders, column: sku, type: string, required: true}',
		'{name: day, scope: orders, column: day, type: date, input_format: DD/MM/YYYY}',
	]);
	expect(after(update, told(), [sku?.command as Command]).effects).toMatchObject([{copy: `  - ${sku?.label}`}]);
});

test('they are written after a dialog alone, and the connector is read again', () => {
	const dialog = after(update, told(), [{type: 'askWrite', names: ['sku', 'day'], read: null}]).effects[0];
	expect(dialog).toMatchObject({
		confirm: {title: 'Write 2 variables into connectors/orders/connector.yaml?', yes: {type: 'writeProposals'}},
	});
	const writing = after(update, told(), [{type: 'writeProposals'}]).effects;
	expect(asked(writing)).toEqual([['infer', 'orders', {write: true}]]);
	const written = answer(writing, 'infer', {
		read: {notes: []},
		items: proposals,
		written: '/w/connectors/orders/connector.yaml',
	}) as Command;
	const {effects} = after(update, told(), [written]);
	expect(effects[0]).toMatchObject({say: 'Written to /w/connectors/orders/connector.yaml; e opens it'});
	expect(asked(effects)).toEqual([['connector', 'orders']]);
});

test('a test request is sent after a dialog, which asks for the name in production, and its answer is shown whole', () => {
	expect(after(update, told(), [{type: 'askTest'}]).effects[0]).toMatchObject({confirm: {title: 'Send a signed test request to orders?'}});
	const production = withConnectors(small, [detail], 'production');
	expect(after(update, told(), [{type: 'askTest'}], production).effects[0]).toMatchObject({confirm: {typed: 'orders'}});
	const sending = after(update, told(), [{type: 'sendTest'}], production).effects;
	expect(asked(sending)).toEqual([['testWebhook', 'orders', {confirm: 'orders'}]]);
	const tested = answer(sending, 'testWebhook', {
		connector: 'orders',
		url: 'http://127.0.0.1:7420/hooks/orders',
		id: 'r1',
		body: '{"sku":"1"}',
		window: {start: '2026-11-21T03:00:00.000Z', end: '2026-11-21T03:01:00.000Z'},
	}) as Command;
	expect(JSON.stringify(after(update, told(), [tested]).effects)).toMatch(
		/answered 201 by http:\/\/127\.0\.0\.1:7420\/hooks\/orders.*accepted as {2}r1/,
	);
});

test('what is no webhook is told so, by the key and by the palette', () => {
	const spreadsheet = {...detail, type: 'spreadsheet'} as const;
	expect(screen.refused?.(told(spreadsheet), 'testWebhook', small)).toBe('orders is no webhook connector');
	expect(screen.refused?.(told(), 'testWebhook', small)).toBeNull();
	const [opened] = start({screen: 'connector', connector: 'orders', act: 'testWebhook'});
	expect(after(update, opened, [{type: 'detailCame', detail: spreadsheet}]).effects).toEqual([
		{say: 'orders is no webhook connector', tone: 'warning'},
	]);
	expect(after(update, opened, [{type: 'detailCame', detail}]).effects).toMatchObject([{confirm: {action: 'send it'}}]);
});

test('what the palette opened it for is asked about once', () => {
	const [opened] = start({screen: 'connector', connector: 'orders', tab: 'variables', act: 'infer'});
	const first = after(update, opened, [{type: 'detailCame', detail}]);
	expect(asked(first.effects)).toEqual([['infer', 'orders', {}]]);
	expect(after(update, first.state, [{type: 'detailCame', detail}]).effects).toEqual([]);
});
