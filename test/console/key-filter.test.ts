import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {connect, createServer, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {KeyFilter} from '../../source/console/terminal/key-filter.js';

let dir: string;
let near: Socket;
let far: Socket;

beforeEach(async () => {
	dir = mkdtempSync(join(tmpdir(), 'sluice-keys-'));
	const server = createServer().listen(join(dir, 's'));
	await once(server, 'listening');
	near = connect(join(dir, 's'));
	[far] = (await once(server, 'connection')) as [Socket];
	server.close();
});

afterEach(() => {
	near.destroy();
	far.destroy();
	rmSync(dir, {recursive: true, force: true});
});

test('an arrow whose second half lies unread while the process is busy is no Escape', async () => {
	const names: string[] = [];
	let heard = (): void => undefined;
	const keys = new KeyFilter(near, {
		onKey(key) {
			names.push(key.type === 'key' ? key.name : 'paste');
			heard();
		},
	});
	keys.open();
	const begun = once(near, 'data');
	far.write('\u001b');
	await begun;
	far.write('[A');
	const busyUntil = performance.now() + 150;
	while (performance.now() < busyUntil);
	await new Promise<void>((resolve) => {
		heard = resolve;
	});
	expect(names).toEqual(['up']);
	keys.shut();
});
