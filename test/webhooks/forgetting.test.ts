import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {control} from '../../source/daemon/control/control.js';

test('windows and keys that are over are forgotten, some at a time, but never one that something still asks about', () => {
	const folder = mkdtempSync(join(tmpdir(), 'sluice-windows-'));
	const room = control(join(folder, 'control.db'));
	const {webhooks} = room;
	/** A window of a second that became the execution `name`. */
	const closed = (name: string, startSeconds: number, connector = 'orders'): number => {
		const {id} = webhooks.open(connector, {startSeconds, seconds: 1});
		webhooks.add(id, 'a line');
		webhooks.choose(id, name);
		webhooks.markQueued(id, 1);
		webhooks.dropLines(id, 10);
		return id;
	};
	const known = (...names: readonly string[]) => names.filter((name) => webhooks.requestsOf(name) !== null);
	try {
		for (const [index, name] of ['a', 'b', 'queued', 'c', 'recent', 'last'].entries()) closed(name, index);
		closed('alone', 0, 'other');
		webhooks.add(closed('lines', 20, 'lines'), 'still here');
		closed('later', 30, 'lines');
		webhooks.open('orders', {startSeconds: 10, seconds: 1});
		room.executions.add({
			id: 'queued',
			connector: 'orders',
			operation: 'import',
			objects: ['orders'],
			mode: 'live',
			inputName: 'a.csv',
			queuedAt: room.now(),
			startedBy: 'webhook',
			triggeredBy: 'webhook',
			diffCheck: false,
			notify: null,
			failedRowsOf: null,
		});
		expect(webhooks.forgetWindows(4, 1)).toBe(1);
		expect(webhooks.forgetWindows(4, 10)).toBe(2);
		expect(webhooks.forgetWindows(1_000, 10)).toBe(1);
		expect(webhooks.forgetWindows(1_000, 10)).toBe(0);
		expect(known('a', 'b', 'queued', 'recent', 'last', 'alone', 'later')).toEqual(['queued', 'last', 'alone', 'later']);
		expect([webhooks.closedUntil('orders'), webhooks.closedUntil('other')]).toEqual([6, 1]);
		expect(webhooks.notQueued()).toMatchObject([{startSeconds: 10}]);

		const key = {fingerprint: Buffer.from('f'), request: 'r'};
		for (const [name, until] of [
			['old', 100],
			['new', 200],
		] as const)
			webhooks.addKey('orders', name, key, until);
		expect([webhooks.forgetKeys(100, 10), webhooks.forgetKeys(100, 10)]).toEqual([1, 0]);
		expect(webhooks.key('orders', 'new', 100)).toEqual(key);
	} finally {
		room.close();
		rmSync(folder, {recursive: true});
	}
});
