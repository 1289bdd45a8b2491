import {expect, test} from 'vitest';
import {control as openControlRoom} from '../../source/daemon/control/control.js';
import {rebased} from '../../source/daemon/control/relocate.js';
import {relocated, type Snapshot} from '../../source/daemon/dispatch/snapshot.js';
import type {Progress} from '../../source/engine/protocol.js';
import type {Connector} from '../../source/model/connector.js';

const connector = {sampleFile: '/old/connectors/c/s.csv', export: {to: '/old/out/{date}.csv'}} as unknown as Connector;
const taken = (storeFile: string, workspace?: string) =>
	({connector, storeFile, ...(workspace !== undefined && {workspace})}) as unknown as Snapshot;
const here = {workspace: '/new', storeFile: '/new/.sluice/sluice.db'};

test('an execution of a copied workspace works on the files and records of the copy', () => {
	for (const snapshot of [taken('/old/.sluice/sluice.db', '/old'), taken('/old/.sluice/sluice.db')])
		expect(relocated(snapshot, here)).toMatchObject({
			workspace: '/new',
			storeFile: '/new/.sluice/sluice.db',
			connector: {sampleFile: '/new/connectors/c/s.csv', export: {to: '/new/out/{date}.csv'}},
		});
	// Records that lie outside of the workspace stay where they are; those of which nobody knows whose they are, are today's.
	expect(relocated(taken('/data/records.db', '/old'), here).storeFile).toBe('/data/records.db');
	expect(relocated(taken('/data/records.db'), here).storeFile).toBe('/new/.sluice/sluice.db');
	expect(relocated(taken('/new/other.db', '/new'), here)).toMatchObject({storeFile: '/new/other.db'});
	expect(rebased('/older/x', '/old', '/new')).toBe('/older/x');
});

test('what was taken from the folders of a workspace, and what it wrote there, is known where it is now', () => {
	const control = openControlRoom(':memory:');
	const file = (path: string) => ({connector: 'c', path, stat: 's', mark: 'm', execution: 'e'});
	expect(control.relocation.workspaceIs('/old')).toBe(null);
	control.sources.takeFile(file('/old/in/a.csv'));
	control.sources.takeFile(file('/data/b.csv'));
	const payload = {kind: 'mail' as const, subject: 's', text: 't', attachment: '/old/.sluice/executions/e/report.xlsx'};
	const id = '0190aaaa-0000-7000-8000-000000000001';
	const given = {connector: 'c', operation: 'export', objects: ['items'], mode: 'live', inputName: null, startedBy: 'ann'} as const;
	control.executions.add({
		id,
		...given,
		queuedAt: control.now(),
		triggeredBy: 'manual',
		diffCheck: false,
		notify: null,
		failedRowsOf: null,
	});
	control.executions.setProcesses(id, {pid: 1, start: '1'}, {pid: 2, start: '2'});
	control.executions.setProgress(id, {artifacts: {export: '/old/out/a.csv'}} as unknown as Progress);
	control.deliveries.add({id: 'd', to: 'ann@example.com', execution: 'e', connector: 'c', payload});
	expect(control.relocation.workspaceIs('/new')).toBe('/old');
	expect(control.relocation.workspaceIs('/new')).toBe(null);
	expect(control.sources.file('c', '/new/in/a.csv')).toMatchObject({path: '/new/in/a.csv'});
	expect(control.sources.file('c', '/data/b.csv')).toMatchObject({path: '/data/b.csv'});
	expect(control.deliveries.known('d').payload).toMatchObject({attachment: '/new/.sluice/executions/e/report.xlsx'});
	// The processes that are recorded work for the workspace that this one was copied from.
	expect(control.executions.find(id)).toMatchObject({progress: {artifacts: {export: '/new/out/a.csv'}}, runner: null, worker: null});
	control.close();
});
