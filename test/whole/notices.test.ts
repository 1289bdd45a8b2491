import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import Database from 'better-sqlite3';
import {afterEach, expect, test} from 'vitest';
import {itemsWorkspace, type TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;

afterEach(() => workspace.close());

test('the mail of a run names the first rows to look at; events that were told of leave the store', async () => {
	workspace = itemsWorkspace(2);
	const yaml = 'connectors/items/connector.yaml';
	const before = readFileSync(join(workspace.dir, yaml), 'utf8');
	workspace.write(yaml, before.replace('settings: {', 'settings: {notify_on: all, notification_emails: [ops@example.com], '));
	workspace.write(
		'automations/welcome.yaml',
		'name: Welcome\ntrigger: record_created\nobject: items\naction: {log: {message: a new item}}\n',
	);
	workspace.write(
		'automations/renamed.yaml',
		'name: Renamed\ntrigger: field_updated\nobject: items\nfield: name\naction: {log: {message: a new name}}\n',
	);
	await workspace.cli('activate', 'items');
	const dry = await workspace.run('items', workspace.write('in.csv', 'code,name\nA,a\n,lost\nB,b\nB,c\n'), '--dry-run');
	expect(dry.stages.flatMap(({would_fire: fired = []}) => fired)).toEqual([
		{automation: 'renamed', times: 1},
		{automation: 'welcome', times: 2},
	]);
	expect((await workspace.cli('show', dry.id)).out).toContain('a live run would fire in load:1: renamed 1 time, welcome 2 times');
	const run = await workspace.run('items', workspace.write('in.csv', 'code,name\nA,a\n,lost\nB,b\n'));
	expect(run.counts).toMatchObject({created: 2, skipped: 1});
	const client = await workspace.client();
	while ((await client.deliveries()).items.every(({state}) => state !== 'delivered')) await pause(20);
	const outbox = join(workspace.dir, '.sluice/outbox');
	const mail = readFileSync(join(outbox, readdirSync(outbox)[0] ?? ''), 'utf8').replaceAll(/=\r?\n/g, '');
	expect(mail).toContain('Created 2, updated 0, skipped 1, errored 0');
	expect(mail).toMatch(/First rows to look at:\r?\n- load:1, row 2 skipped: .*code/);

	const store = new Database(join(workspace.dir, '.sluice/sluice.db'), {readonly: true});
	const left = () => store.prepare('SELECT count(*) FROM outbox').pluck().get();
	while (left() !== 0) await pause(20);
	expect(store.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").pluck().get()).toBe(2);
	store.close();
	const log = readFileSync(join(workspace.dir, '.sluice/log/daemon.log'), 'utf8');
	expect(log.split('"a new item"')).toHaveLength(3);
});
