import {expect, test} from 'vitest';
import type {ConnectorDetail} from '../../../source/api/contract.js';
import {type Command, type State, start, update} from '../../../source/console/screens/connector/model.js';
import {connector as screen} from '../../../source/console/screens/connector/screen.js';
import {scriptSpans} from '../../../source/console/screens/connector/sql-spans.js';
import {connectorTabs} from '../../../source/console/screens/place.js';
import type {Connector} from '../../../source/model/connector.js';
import {defaultReadOptions} from '../../../source/model/read-options.js';
import {connectorSummaryOf, large, small} from './support/around.js';
import {draw, overflow} from './support/draw.js';
import {executionOf} from './support/executions.js';
import {after, asked} from './support/steps.js';

const configuration: Connector = {
	apiName: 'orders',
	name: 'Orders',
	description: null,
	operation: 'import',
	type: 'spreadsheet',
	object: 'orders',
	sampleFile: '/w/sample.csv',
	read: defaultReadOptions,
	sql: {text: "-- the orders\nCREATE TABLE output.orders AS SELECT 'x' AS a FROM input.orders", file: 'connectors/orders/transform.sql'},
	sqlParameters: {},
	secrets: [],
	referenceData: [],
	variables: [
		{
			name: 'sku',
			scope: 'orders',
			from: {column: 'sku'},
			type: 'string',
			array: false,
			delimiter: ',',
			required: true,
			inputFormat: null,
			outputFormat: null,
			decimalComma: false,
		},
	],
	additionalVariables: [],
	diffCheck: true,
	loadSteps: [
		{
			name: 'Orders',
			object: 'orders',
			scope: 'orders',
			matching: [
				{
					field: 'sku',
					variable: 'sku',
					noMatch: 'create_new',
					singleMatch: 'update_current',
					multipleMatch: 'do_not_upload',
					archivedMatch: 'unarchive_and_update',
				},
			],
			mapping: [{field: 'sku', variables: ['sku'], join: ' ', conflict: 'overwrite', createOptions: false}],
			exposeAs: null,
			automations: {onCreate: [], onUpdate: [], suppressTriggers: false},
		},
	],
	settings: {
		maxConcurrentExecutions: 1,
		chunkSize: 5000,
		notificationEmails: [],
		notifyOn: 'all',
		notifyStarter: true,
		executionEndedWebhook: null,
		stopAfter: null,
		keepExecutionsDays: 90,
	},
	schedule: null,
	source: null,
	webhook: null,
	export: null,
	engine: null,
};
const problem = {
	file: 'connectors/orders/connector.yaml',
	line: 3,
	column: 5,
	code: 'x',
	message: '"tpye" is not known here',
	expected: 'type',
};
const detail: ConnectorDetail = {
	...connectorSummaryOf({status: 'inactive', problems: [problem], running: 1, queued: 2}),
	description: 'Weekly orders',
	operation: 'import',
	lacks: ['SQL that was validated as it stands'],
	file: '/w/connectors/orders/connector.yaml',
	configuration,
	next_runs: [],
};
const [opened] = start({screen: 'connector', connector: 'orders'});
const told = (...commands: Command[]): State => after(update, opened, [{type: 'detailCame', detail}, ...commands]).state;

test.each([
	['80x24', small],
	['120x40', large],
])('every tab fits %s', (_size, around) => {
	for (const tab of connectorTabs) {
		const state = {
			...told({type: 'executionsCame', items: [executionOf()]}, {type: 'queueCame', items: []}, {type: 'historyCame', items: []}),
			tab,
		};
		expect(overflow(draw(screen.Draw, state, around), around)).toEqual([]);
	}
});

test('the overview draws the flow, and names problems with their place', () => {
	const frame = draw(screen.Draw, told(), small);
	expect(frame).toContain('Flow  spreadsheet → SQL');
	expect(frame).toContain('orders → 1 variable → diff check → 1. Orders');
	expect(frame).toContain('✗ connectors/orders/connector.yaml:3:5  "tpye" is not known here');
	expect(frame).toContain('✗ SQL that was validated as it stands');
});

test('load steps use the labels people know', () => {
	const frame = draw(screen.Draw, {...told(), tab: 'load' as const}, small);
	expect(frame).toContain('archived   Unarchive Record & Update');
	expect(frame).toContain('sku ← sku  Overwrite (Clear field if blank)');
});

test('SQL is told apart into words, texts and comments', () => {
	const [comment, statement] = scriptSpans(configuration.sql?.text ?? '');
	expect(comment?.[1]).toEqual({text: '-- the orders', tone: 'muted'});
	expect(statement?.find(({text}) => text === 'SELECT')?.tone).toBe('key');
	expect(statement?.find(({text}) => text === "'x'")?.tone).toBe('good');
	expect(statement?.map(({text}) => text).join('')).toBe("   2  CREATE TABLE output.orders AS SELECT 'x' AS a FROM input.orders");
});

test('an active connector is deactivated by a dialog, an inactive one through the review', () => {
	expect(update(told(), {type: 'toggle'}, small)[1]).toEqual({go: {screen: 'review', connector: 'orders'}});
	const active = told({type: 'detailCame', detail: {...detail, status: 'operational'}});
	expect(update(active, {type: 'toggle'}, small)[1]).toMatchObject({confirm: {title: 'Deactivate orders?', action: 'deactivate'}});
	expect(asked(update(active, {type: 'deactivate'}, small).slice(1) as never)).toEqual([['deactivate', 'orders']]);
});

test('e opens the file at its first problem', () => {
	expect(update(told(), {type: 'edit'}, small)[1]).toEqual({edit: {file: '/w/connectors/orders/connector.yaml', line: 3}});
});

test('a tab asks for what it shows', () => {
	expect(asked(after(update, told(), [{type: 'tab', by: 1}]).effects)).toEqual([
		['connector', 'orders'],
		['executions', {connector: 'orders', limit: 100}],
	]);
});
