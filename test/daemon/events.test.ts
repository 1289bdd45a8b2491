import {expect, test} from 'vitest';
import type {SluiceEvent} from '../../source/api/contract.js';
import {EventBus} from '../../source/daemon/events/bus.js';
import {eventStream} from '../../source/daemon/events/stream.js';

const queue = (connector: string, revision: number): SluiceEvent => ({type: 'queue', connector, revision});
const line = (message: string): SluiceEvent => ({type: 'log', execution: 'x', line: {at: '', level: 'info', stage: null, message}});

/** Reads what the stream gives until `count` events have come. */
async function take(stream: ReadableStream<Uint8Array>, count: number): Promise<{id: string | undefined; event: SluiceEvent}[]> {
	const found: {id: string | undefined; event: SluiceEvent}[] = [];
	const reader = stream.getReader();
	while (found.length < count) {
		const {value, done} = await reader.read();
		if (done) break;
		const text = new TextDecoder().decode(value);
		for (const message of text.split('\n\n')) {
			const payload = /^data: (.*)$/m.exec(message)?.[1];
			if (payload) found.push({id: /^id: (.*)$/m.exec(message)?.[1], event: JSON.parse(payload) as SluiceEvent});
		}
	}
	await reader.cancel();
	return found;
}

test('a slow client gets the latest state of each thing, not what led to it', async () => {
	const bus = new EventBus('e');
	const stream = eventStream(bus, null);
	for (let revision = 1; revision <= 10_000; revision++) bus.publish(queue('a', revision));
	bus.publish(queue('b', 1));
	expect((await take(stream, 2)).map(({event}) => event)).toEqual([queue('a', 10_000), queue('b', 1)]);
	expect(bus.listeners).toBe(0);
});

test('a client that comes back gets what changed since the last event it saw', async () => {
	const bus = new EventBus('e');
	bus.publish(queue('a', 1));
	bus.publish(queue('b', 1));
	bus.publish(queue('a', 2));
	expect(await take(eventStream(bus, 'e-2'), 1)).toEqual([{id: 'e-3', event: queue('a', 2)}]);
});

test('a client of an earlier daemon, or of forgotten events, is told to ask for everything again', async () => {
	const bus = new EventBus('new');
	bus.publish(queue('a', 1));
	expect((await take(eventStream(bus, 'old-7'), 2)).map(({event}) => event)).toEqual([{type: 'reset'}, queue('a', 1)]);
	for (let index = 0; index < 3_000; index++) bus.publish(queue(`c${index}`, 1));
	expect((await take(eventStream(bus, 'new-1'), 1))[0]?.event).toEqual({type: 'reset'});
});

test('log lines a client did not take are dropped from their oldest end', async () => {
	const bus = new EventBus('e');
	const stream = eventStream(bus, null);
	for (let index = 0; index < 1_000; index++) bus.publish(line(`line ${index}`));
	const taken = await take(stream, 200);
	expect(taken.map(({event}) => (event.type === 'log' ? event.line.message : ''))).toEqual(
		Array.from({length: 200}, (_, index) => `line ${800 + index}`),
	);
});
