import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pino} from 'pino';
import {expect, test} from 'vitest';
import {control} from '../../source/daemon/control/control.js';
import {Intake} from '../../source/daemon/webhooks/intake.js';
import {KeyClock} from '../../source/daemon/webhooks/key-clock.js';

test('a thousand requests that come at once are kept in their order, in several short transactions', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'sluice-intake-'));
	const room = control(join(folder, 'control.db'));
	let transactions = 0;
	const intake = new Intake({
		control: room,
		keyClock: new KeyClock(room),
		log: pino({level: 'silent'}),
		maxInputBytes: () => 1 << 30,
		kept: () => void transactions++,
		nowMs: () => 0,
	});
	const arrival = (number: number) => ({
		connector: 'orders',
		cadenceSeconds: 60,
		caller: 'ann',
		query: '',
		body: `body ${number}`,
		headers: '',
		guessed: false,
		keys: [`key ${number}`],
		fingerprint: Buffer.from(String(number)),
	});
	try {
		const kept = await Promise.all(Array.from({length: 1_000}, (_, number) => intake.keep(arrival(number))));
		expect(new Set(kept.map(({id}) => id)).size).toBe(1_000);
		expect(transactions).toBe(4);
		const [window] = room.webhooks.notQueued();
		const lines = room.webhooks.lines(window?.id ?? 0, 0, 2_000).map(({line}) => /body \d+/.exec(line)?.[0]);
		expect(lines).toEqual(Array.from({length: 1_000}, (_, number) => `body ${number}`));
	} finally {
		room.close();
		rmSync(folder, {recursive: true});
	}
});

test('a wall clock that is wrong for a while, or set back, makes no second row of a retry; a key ends after seven days in which a daemon ran', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'sluice-intake-'));
	const room = control(join(folder, 'control.db'));
	const day = 86_400_000;
	let [wallMs, monotonicMs] = [Date.parse('2026-11-20T10:00:00Z'), 0];
	const started = () => {
		const keyClock = new KeyClock(
			room,
			() => wallMs,
			() => monotonicMs,
		);
		return new Intake({
			control: room,
			keyClock,
			log: pino({level: 'silent'}),
			maxInputBytes: () => 1 << 30,
			kept: () => undefined,
			nowMs: () => wallMs,
		});
	};
	let intake = started();
	const isNew = async (key: string): Promise<boolean> => {
		const arrival = {
			connector: 'orders',
			cadenceSeconds: 60,
			caller: 'ann',
			query: '',
			body: key,
			headers: '',
			guessed: false,
			keys: [key],
		};
		return (await intake.keep({...arrival, fingerprint: Buffer.from(key)})).window !== null;
	};
	try {
		expect(await isNew('first')).toBe(true);
		wallMs += 365 * day;
		expect([await isNew('first'), await isNew('sent while the clock was ahead')]).toEqual([false, true]);
		wallMs -= 9000 * day;
		expect([await isNew('first'), await isNew('sent while the clock was behind')]).toEqual([false, true]);
		wallMs = Date.parse('2026-11-20T10:05:00Z');
		intake = started();
		expect(await Promise.all(['first', 'sent while the clock was ahead', 'sent while the clock was behind'].map(isNew))).toEqual([
			false,
			false,
			false,
		]);
		monotonicMs += 7 * day - 1000;
		expect(await isNew('first')).toBe(false);
		monotonicMs += 1000;
		expect(await isNew('first')).toBe(true);
	} finally {
		room.close();
		rmSync(folder, {recursive: true});
	}
});
