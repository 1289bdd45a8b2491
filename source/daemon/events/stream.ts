import {toJson} from '../../model/json.js';
import type {EventBus, Numbered} from './bus.js';

/** A watcher takes three silent ones for a daemon that hangs, and says so within two seconds (SPEC 14). */
const heartbeatMs = 500;
const waitingLogLines = 200;

const encoder = new TextEncoder();
const stillHere = encoder.encode(': still here\n\n');
const frames = new WeakMap<Numbered, Uint8Array>();

/** An event as it goes out, made once for all clients: fifty of them would otherwise cost fifty times the JSON. */
function frameOf(bus: EventBus, numbered: Numbered): Uint8Array {
	const made = frames.get(numbered);
	if (made) return made;
	const frame = encoder.encode(`id: ${bus.idOf(numbered.number)}\ndata: ${toJson(numbered.event)}\n\n`);
	frames.set(numbered, frame);
	return frame;
}

/**
 * The bytes of one client's `GET /events`. What a slow client has not taken yet is held by what it is about, so that it gets the
 * latest state and costs no more than one state of each thing (SPEC 16).
 */
export function eventStream(bus: EventBus, lastEventId: string | null): ReadableStream<Uint8Array> {
	const waiting = new Map<string, Numbered>();
	let waitingLines = 0;
	let wake: (() => void) | null = null;
	let resumed = '';

	const hold = (numbered: Numbered): void => {
		if (numbered.event.type === 'log' && ++waitingLines > waitingLogLines) dropOldestLine();
		waiting.delete(numbered.key);
		waiting.set(numbered.key, numbered);
		wake?.();
	};
	const dropOldestLine = (): void => {
		for (const [key, {event}] of waiting) {
			if (event.type !== 'log') continue;
			waiting.delete(key);
			waitingLines--;
			return;
		}
	};

	if (lastEventId !== null) {
		const {events, complete} = bus.since(lastEventId);
		if (!complete) resumed = `data: ${toJson({type: 'reset'})}\n\n`;
		for (const numbered of events) hold(numbered);
	}
	const unsubscribe = bus.subscribe(hold);
	const next = (): Uint8Array | null => {
		for (const [key, numbered] of waiting) {
			waiting.delete(key);
			if (numbered.event.type === 'log') waitingLines--;
			return frameOf(bus, numbered);
		}
		return null;
	};
	const somethingOrHeartbeat = (): Promise<void> =>
		new Promise((resolve) => {
			const timer = setTimeout(done, heartbeatMs);
			function done(): void {
				clearTimeout(timer);
				wake = null;
				resolve();
			}
			wake = done;
		});

	return new ReadableStream<Uint8Array>(
		{
			start(controller) {
				controller.enqueue(encoder.encode(`: sluice\n\n${resumed}`));
			},
			async pull(controller) {
				if (waiting.size === 0) await somethingOrHeartbeat();
				controller.enqueue(next() ?? stillHere);
			},
			cancel() {
				unsubscribe();
				wake?.();
			},
		},
		{highWaterMark: 0},
	);
}
