import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {upload} from '../../source/api/upload.js';

test('an upload asks for a connection that stays, so that an answer before the end of the file is not lost with it', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'sluice-early-'));
	const socket = join(folder, 's.sock');
	const asked: (string | undefined)[] = [];
	const server = createServer((request, response) => {
		asked.push(request.headers.connection);
		request.once('data', () => {
			request.pause();
			response.writeHead(507, {'Content-Type': 'application/json'});
			response.end(JSON.stringify({code: 'daemon.disk', message: 'The disk is full', where: 'here', expected: null, cure: null}));
		});
	});
	await new Promise<void>((resolve) => server.listen(socket, resolve));
	onTestFinished(() => {
		server.close();
		rmSync(folder, {recursive: true});
	});
	const file = join(folder, 'a.csv');
	writeFileSync(file, Buffer.alloc(5_000_000, 'a'));
	await expect(upload({socket, identity: {user: 'ann', from: 'cli'}, path: '/'}, file)).rejects.toMatchObject({code: 'daemon.disk'});
	// Whether a connection that closes takes the answer along is a race: the daemon must not be asked to close it.
	expect(asked).toEqual(['keep-alive']);
});
