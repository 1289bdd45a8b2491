import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pino} from 'pino';
import {expect, test} from 'vitest';
import {control} from '../../source/daemon/control/control.js';
import {Intake} from '../../source/daemon/webhooks/intake.js';

test('a thousand requests that come at once are kept in their order, in several short transactions', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'sluice-intake-'));
	const room = control(join(folder, 'control.db'));
	let transactions = 0;
	const intake = new Intake({
		control: room,
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
