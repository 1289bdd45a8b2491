import {fork} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {openStore} from '../../source/store/sqlite/open-store.js';
import {pendingEvents} from '../../source/store/sqlite/outbox.js';
import {contacts, run, scratchFolder} from './harness.js';

const kills = process.env.SLUICE_LONG ? 60 : 5;

test('whenever the runner is killed, each row took effect exactly once, and its checkpoint and events say so', async () => {
	const {folder, remove} = scratchFolder();
	const entry = join(import.meta.dirname, 'committer.mjs');
	const file = join(folder, 'sluice.db');
	await (await openStore(file, [contacts])).close();
	const emails = Array.from({length: 1000}, (_, index) => `${index}@x.io`);
	for (let lease = 1; lease <= kills + 1; lease++) {
		const runner = fork(entry, [file, run, String(lease), JSON.stringify([contacts])], {
			stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
			execArgv: [],
		});
		const ended = once(runner, 'exit');
		// why: the last one is left to finish; the others die a little after a commit, somewhere in the chunk behind it
		if (lease <= kills) {
			await Promise.race([once(runner, 'message'), ended]);
			const until = process.hrtime.bigint() + BigInt(Math.floor(Math.random() * 4_000_000));
			while (process.hrtime.bigint() < until);
			runner.kill('SIGKILL');
		}
		await ended;
		const store = await openStore(file, [contacts]);
		const checkpoints = await store.checkpoints(run);
		expect(checkpoints.map(({chunk}) => chunk)).toEqual(checkpoints.map((_, index) => index + 1));
		const found = await store.lookup('contacts', 'email', emails);
		expect([...found.keys()].sort()).toEqual(emails.slice(0, checkpoints.length * 10).sort());
		expect(pendingEvents(file, 0, 2000)).toHaveLength(checkpoints.length * 10);
		await store.close();
		if (lease > kills) expect(checkpoints).toHaveLength(100);
	}
	remove();
});
