import {chmodSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {type Scan, scan, unchangedConnectors} from '../../source/daemon/configuration/scan.js';
import {type ConnectorEntry, readWorkspace} from '../../source/workspace/read-workspace.js';
import {workspaceOf} from './workspace-files.js';

const object = 'name: People\nfields:\n  - {api_name: email, type: email, identifier: true}\n';
const connector = (name: string) =>
	`name: ${name}\ntype: spreadsheet\nobject: people\nvariables: [{name: email, column: email, type: email}]\n` +
	`load_steps: [{name: Load, object: people, matching: [{field: email, variable: email}], mapping: [{field: email, variables: [email]}]}]\n`;

const files = {
	'objects/people.yaml': object,
	'connectors/one/connector.yaml': connector('One'),
	'connectors/two/connector.yaml': connector('Two'),
};

const later = Date.now() + 60_000;
const look = (dir: string, before: Scan = new Map()) => scan(dir, before, later);

test.each<[string, (dir: string) => void, readonly string[]]>([
	['nothing', () => {}, ['one', 'two']],
	["a connector's file", (dir) => writeFileSync(join(dir, 'connectors/one/connector.yaml'), connector('Uno')), ['two']],
	['a file that is new in its folder', (dir) => writeFileSync(join(dir, 'connectors/one/transform.sql'), ''), ['two']],
	['the rights of its folder', (dir) => chmodSync(join(dir, 'connectors/one'), 0o777), ['two']],
	['a connector that is gone', (dir) => rmSync(join(dir, 'connectors/one'), {recursive: true}), ['two']],
	['the rights of the folder of all', (dir) => chmodSync(join(dir, 'connectors'), 0o777), []],
	['an object', (dir) => writeFileSync(join(dir, 'objects/people.yaml'), `${object}description: all\n`), []],
	['sluice.yaml', (dir) => writeFileSync(join(dir, 'sluice.yaml'), 'timezone: UTC\n'), []],
])('after a change of %s, only what may have changed is read again', async (_what, change, expected) => {
	const dir = workspaceOf(files);
	const before = await look(dir);
	change(dir);
	expect([...unchangedConnectors(before, await look(dir, before))].sort()).toEqual(expected);
});

test('a connector without problems is kept as it was, and one with problems is read again', async () => {
	const dir = workspaceOf({...files, 'connectors/two/connector.yaml': `${connector('Two')}sample_file: absent.csv\n`});
	const {connectors} = await readWorkspace(dir);
	const kept = new Map<string, ConnectorEntry>(connectors.map((entry) => [entry.apiName, entry]));
	const [one, two] = connectors;
	const again = (await readWorkspace(dir, {kept})).connectors;
	expect(two?.problems).toHaveLength(1);
	expect(again[0]).toBe(one);
	expect(again[1]).not.toBe(two);
});

test('a connector that is gone is not kept', async () => {
	const dir = workspaceOf(files);
	const {connectors} = await readWorkspace(dir);
	rmSync(join(dir, 'connectors/one'), {recursive: true});
	const kept = new Map<string, ConnectorEntry>(connectors.map((entry) => [entry.apiName, entry]));
	expect((await readWorkspace(dir, {kept})).connectors.map(({apiName}) => apiName)).toEqual(['two']);
});
