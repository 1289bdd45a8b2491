import {existsSync, mkdirSync} from 'node:fs';
import {request} from 'node:http';
import {afterEach, expect, test} from 'vitest';
import type {List} from '../../source/api/contract.js';
import {eachPage} from '../../source/commands/each-page.js';
import {clearExecutions} from '../../source/daemon/retention/clear.js';
import type {Services} from '../../source/daemon/services.js';
import {uuid7} from '../../source/platform/uuid7.js';
import {World} from './support/world.js';

let world: World;

afterEach(() => world.end());

function addEnded(services: Services, count: number, at: Date): readonly string[] {
	const {control} = services;
	return control.together(() =>
		Array.from({length: count}, () => {
			const id = uuid7(at.getTime());
			control.executions.add({
				id,
				connector: 'people',
				operation: 'import',
				objects: ['people'],
				mode: 'dry',
				inputName: 'a.csv',
				queuedAt: at.toISOString(),
				startedBy: 'ann',
				triggeredBy: 'manual',
				diffCheck: true,
				notify: null,
				failedRowsOf: null,
			});
			control.executions.end(id, {status: 'completed', at: at.toISOString(), progress: null, error: null, errored: 0});
			return id;
		}),
	);
}

async function started(): Promise<Services> {
	world = new World();
	world.connector('people');
	await world.start();
	if (!world.daemon) throw new Error('no daemon');
	return world.daemon.services;
}

test('every list comes in pages, however many are asked for, and the pages hold all of it', async () => {
	const services = await started();
	const client = world.client('ann');
	const added = addEnded(services, 1_201, new Date());
	services.control.together(() => {
		for (let number = 0; number < 2_100; number++)
			services.control.history.add({who: 'ann', from: 'cli'}, {what: `deed ${number}`, connector: 'people'});
	});
	for (const limit of [0, 10_000_000]) {
		expect((await client.executions({limit})).items).toHaveLength(500);
		expect(await client.executions({limit})).toMatchObject({next: 500, total: 1_201});
		expect((await client.history({limit})).items).toHaveLength(1_000);
		expect((await client.history({limit, connector: 'people'})).items).toHaveLength(1_000);
		expect((await client.deliveries({limit})).items).toHaveLength(0);
	}
	const seen: string[] = [];
	const asked = {limit: 0, pageItems: 500, newestFirst: true};
	const count = await eachPage(
		(page) => client.executions(page),
		asked,
		(items) => seen.push(...items.map(({id}) => id)),
	);
	expect(count).toBe(1_201);
	expect(seen).toEqual(added.toReversed());
	const deeds: string[] = [];
	await eachPage(
		(page) => client.history(page),
		{limit: 1_500},
		(items) => deeds.push(...items.map(({what}) => what)),
	);
	expect([deeds.length, deeds[0], deeds.at(-1)]).toEqual([1_500, 'deed 2099', 'deed 600']);
});

test('a list whose newest comes first is read once, although it grows meanwhile', async () => {
	const services = await started();
	const all = Array.from({length: 25}, (_, number) => number).reverse();
	const ask = async ({offset, limit}: {offset: number; limit: number}): Promise<List<number>> => {
		const items = all.slice(offset, offset + limit);
		const total = all.length;
		all.unshift(total, total);
		return {items, total, next: offset + items.length < total ? offset + items.length : null};
	};
	const seen: number[] = [];
	await eachPage(ask, {limit: 0, pageItems: 10, newestFirst: true}, (items) => seen.push(...items));
	expect(seen).toEqual(Array.from({length: 25}, (_, number) => 24 - number));
	expect(services.control.executions.count('queued')).toBe(0);
});

test('everything that is due is cleared each time, and what cannot be cleared holds nothing up', async () => {
	const services = await started();
	const old = addEnded(services, 131, new Date(Date.now() - 100 * 86_400_000));
	const [young = ''] = addEnded(services, 1, new Date());
	const [first = ''] = old;
	for (const id of [...old, young]) mkdirSync(services.paths.execution(id).inputFolder, {recursive: true});
	// A file of the wrong kind: its settings cannot be read, so it is left alone.
	mkdirSync(services.paths.execution(first).configuration);
	expect(await clearExecutions(services, new AbortController().signal)).toBe(130);
	expect(old.filter((id) => existsSync(services.paths.execution(id).path))).toEqual([first]);
	expect(existsSync(services.paths.execution(young).path)).toBe(true);
});

test('a body without an announced length is cut off at its bound, and the answer says so', async () => {
	await started();
	const client = world.client('ann');
	const chunked = await sendChunked(client.socket, 6_000_000);
	expect(chunked).toEqual({answer: 413, sent: 6_000_000});
	await expect(client.archive('people', Array(500_000).fill('a@example'))).rejects.toMatchObject({code: 'api.too_large'});
	// Who goes on beyond all patience is cut off, and may not have read his answer by then.
	const endless = await sendChunked(client.socket, 300_000_000);
	expect([413, 'EPIPE', 'ECONNRESET']).toContain(endless.answer);
	expect(endless.sent).toBeLessThan(100_000_000);
	expect((await client.status()).daemon.pid).toBe(process.pid);
});

/** Sends a body in pieces until it is answered. @returns the status or the error, and how much was sent by then */
function sendChunked(socketPath: string, bytes: number): Promise<{answer: number | string; sent: number}> {
	let sent = 0;
	const piece = Buffer.alloc(60_000, 'x');
	return new Promise((resolve) => {
		const outgoing = request({socketPath, method: 'POST', path: '/validate', agent: false}, (response) => {
			resolve({answer: response.statusCode ?? 0, sent});
			outgoing.destroy();
		});
		outgoing.on('error', (error: NodeJS.ErrnoException) => resolve({answer: error.code ?? '', sent}));
		const more = (): void => {
			if (outgoing.destroyed) return;
			if (sent >= bytes) {
				outgoing.end();
				return;
			}
			sent += piece.length;
			outgoing.write(piece, (error) => (error ? undefined : setImmediate(more)));
		};
		more();
	});
}
