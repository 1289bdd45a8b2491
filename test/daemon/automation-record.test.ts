import {randomUUID} from 'node:crypto';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {readOutbox} from '../../source/daemon/automations/outbox.js';
import {control as openControl} from '../../source/daemon/control/control.js';
import type {Automation} from '../../source/model/automation.js';
import {openForWriting} from '../../source/store/sqlite/connection.js';
import {openStore} from '../../source/store/sqlite/open-store.js';
import {chunk, contacts, creating, run, scratchFolder} from '../store/harness.js';
import {loopbackCourier} from './support/courier.js';

let folder: ReturnType<typeof scratchFolder>;
let file: string;
beforeEach(() => {
	folder = scratchFolder();
	file = join(folder.folder, 'sluice.db');
});
afterEach(() => folder.remove());

const log = {info: () => undefined, warn: () => undefined, error: () => undefined} as never;

/** The bodies that a receiver gets of what is in the store's outbox. */
async function posted(): Promise<readonly string[]> {
	const bodies: string[] = [];
	const receiver = createServer(async (request, response) => {
		let body = '';
		for await (const part of request) body += String(part);
		bodies.push(body);
		response.writeHead(204).end();
	});
	await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
	const control = openControl(join(folder.folder, `${randomUUID()}.db`));
	const automation = (trigger: Automation['trigger']): Automation => ({
		apiName: trigger,
		name: trigger,
		trigger,
		object: 'contacts',
		field: null,
		action: {http: {url, secret: null, headers: {}}},
	});
	const automations = () => [automation('record_created'), automation('record_updated')];
	const expected = await readOutbox({control, log, storeFile: () => file, automations});
	const courier = loopbackCourier(control, folder.folder);
	courier.wake();
	await expect.poll(() => bodies.length, {timeout: 60_000}).toBe(expected);
	await courier.stop();
	control.close();
	receiver.close();
	return bodies;
}

test('an automation gets the record whole, with its identifier and every digit, beside what changed', async () => {
	const store = await openStore(file, [contacts]);
	await store.takeLease(run, 1);
	const big = 2n ** 60n + 1n;
	const fields = ['email', 'name', 'balance', 'points', 'vip', 'topics'];
	const {ids, creates} = creating(['ann@x.io', 'Ann "A" \u2028', '10.50', big, true, ['a', 'b']]);
	const [id = ''] = ids;
	const event = (kind: 'record_created' | 'record_updated', changes: object) => ({
		id: randomUUID(),
		kind,
		record: id,
		changes,
		direct: [],
		triggers: true,
	});
	await store.commitChunk(chunk({fields, creates, events: [event('record_created', {email: 'ann@x.io', points: big})] as never}));
	const updates = [{id, changes: {name: null, tier: 'Gold'}}];
	await store.commitChunk(
		chunk({fields: ['name', 'tier'], updates, events: [event('record_updated', {name: null, tier: 'Gold'})] as never}),
	);
	await store.close();
	const [created = '', updated = ''] = await posted();
	expect(created).toContain(`"points":${big}`);
	expect(created.match(new RegExp(String(big), 'g'))).toHaveLength(2);
	const whole = {email: 'ann@x.io', name: 'Ann "A" \u2028', balance: '10.50', points: Number(big), vip: true, topics: ['a', 'b']};
	expect(JSON.parse(created)).toEqual({
		type: 'record.created',
		data: {
			object: 'contacts',
			id,
			execution: run,
			changes: {email: 'ann@x.io', points: Number(big)},
			record: {id, identifier: 'ann@x.io', archived: false, fields: whole},
		},
	});
	const {name: _, ...rest} = whole;
	expect(JSON.parse(updated).data).toMatchObject({
		changes: {name: null, tier: 'Gold'},
		record: {id, identifier: 'ann@x.io', archived: false, fields: {...rest, tier: 'Gold'}},
	});
	expect(JSON.parse(updated).data.record.fields).not.toHaveProperty('name');
});

test('an event that an earlier version left in the store goes out without the record', async () => {
	const store = await openStore(file, [contacts]);
	await store.close();
	const db = openForWriting(file);
	db.exec(`ALTER TABLE outbox DROP COLUMN snapshot; PRAGMA user_version = 2;
		INSERT INTO outbox (id, execution, step, object, kind, record, changes, direct, triggers)
		VALUES ('e', '${run}', 1, 'contacts', 'record_created', 'r', '{"email":"ann@x.io"}', '[]', 1)`);
	db.close();
	expect((await posted()).map((body) => JSON.parse(body))).toEqual([
		{type: 'record.created', data: {object: 'contacts', id: 'r', execution: run, changes: {email: 'ann@x.io'}}},
	]);
});
