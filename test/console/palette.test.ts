import {expect, test} from 'vitest';
import {begin} from '../../source/console/app/begin.js';
import {paletteEntries} from '../../source/console/app/palette.js';
import {type App, topOf} from '../../source/console/app/state.js';
import {update} from '../../source/console/app/update.js';
import {open} from '../../source/console/app/views.js';
import type {Place} from '../../source/console/screens/place.js';
import {connectorSummaryOf, small, withConnectors} from './screens/support/around.js';
import {executionOf} from './screens/support/executions.js';

/* The words of the command line, typed into the palette: what takes a name completes it, and leads where the command line would. */

const id = '01a1fd0e-88a2-75ed-9c6d-33c2886b20a3';
const connectors = [
	connectorSummaryOf({api_name: 'items'}),
	connectorSummaryOf({api_name: 'vendor_products'}),
	connectorSummaryOf({api_name: 'orders', type: 'webhook'}),
];
const live = {
	...withConnectors(small, connectors).live,
	recent: [{...executionOf({status: 'failed'}), id, connector: 'items'}],
	objects: ['contacts', 'items'],
	heardAt: 1,
};
const beginning = begin({user: 'ann', workspaceDir: '/w', folder: '/w', environment: {}, columns: 80, rows: 24, now: 0, overrides: {}});
const app: App = open({...beginning, live}, {screen: 'home'}).app;

function first(text: string): Place | string {
	const [entry] = paletteEntries(app, text);
	if (entry === undefined) return 'nothing';
	return 'place' in entry.does ? entry.does.place : 'command' in entry.does ? entry.does.command : entry.does.complete;
}

test.each<[string, Place]>([
	['records contacts', {screen: 'records', object: 'contacts'}],
	["records items --find 'two words'", {screen: 'records', object: 'items', find: 'two words'}],
	['show last', {screen: 'execution', execution: 'last'}],
	['show 01a1fd', {screen: 'execution', execution: id}],
	['show 0193', {screen: 'execution', execution: '0193'}],
	['logs last', {screen: 'execution', execution: 'last', panel: 'log'}],
	['tables last', {screen: 'tables', execution: 'last'}],
	['rows last load:2', {screen: 'tables', execution: 'last', table: 'load:2'}],
	['explain last --row 4 --scope products', {screen: 'row', execution: 'last', row: 4, scope: 'products'}],
	['cancel last', {screen: 'execution', execution: 'last', act: 'cancel'}],
	['rerun last --rows failed', {screen: 'execution', execution: 'last', act: 'rerunFailed'}],
	['sql-output last', {screen: 'execution', execution: 'last', act: 'sql_output'}],
	['run items --dry-run', {screen: 'run', connector: 'items', mode: 'dry'}],
	['run vend --input a.csv', {screen: 'run', connector: 'vendor_products', mode: 'live', input: 'a.csv'}],
	['deactivate items', {screen: 'connector', connector: 'items', act: 'deactivate'}],
	['infer items', {screen: 'connector', connector: 'items', tab: 'variables', act: 'infer'}],
	['webhook test or', {screen: 'connector', connector: 'orders', act: 'testWebhook'}],
	['unarchive contacts bo@x.io', {screen: 'records', object: 'contacts', archived: true, find: 'bo@x.io'}],
	['archive contacts bo@x.io', {screen: 'records', object: 'contacts', find: 'bo@x.io'}],
	['queue items', {screen: 'review', connector: 'items'}],
	['executions --status running', {screen: 'executions', status: 'running'}],
	['executions items --status failed', {screen: 'executions', connector: 'items', status: 'failed'}],
	['connectors', {screen: 'connectors'}],
	['records', {screen: 'records'}],
])('"%s" leads where the command line would', (text, place) => {
	expect(first(text)).toEqual(place);
});

test('a name nobody knows is no entry of its own; an execution may be older than what the console knows', () => {
	expect(paletteEntries(app, 'records nothing')).toEqual([]);
	expect(paletteEntries(app, 'run nobody')).toEqual([]);
	expect(first('cancel not-an-id')).toBe('nothing');
	expect(paletteEntries(app, 'webhook test items')).toEqual([]);
});

test('a command that wants a name stands in the palette, and choosing it goes on typing', () => {
	const typed = (...names: string[]): App =>
		names.reduce(
			(so, name) => update(so, {type: 'key', key: {type: 'key', name, text: name.length === 1 ? name : name === 'space' ? ' ' : ''}}).app,
			app,
		);
	const chosen = typed(':', ...'deact', 'enter');
	expect(chosen.overlay).toMatchObject({kind: 'palette', edit: {text: 'deactivate '}});
	expect(typed(':', ...'webhook', 'enter').overlay).toMatchObject({edit: {text: 'webhook test '}});
	const completed = typed(':', ...'deactivate', 'space', ...'v', 'tab');
	expect(completed.overlay).toMatchObject({edit: {text: 'deactivate vendor_products'}});
	const gone = update(completed, {type: 'key', key: {type: 'key', name: 'enter', text: ''}}).app;
	expect(topOf(gone)?.place).toEqual({screen: 'connector', connector: 'vendor_products', act: 'deactivate'});
});
