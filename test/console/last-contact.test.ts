import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer, type ServerResponse} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createClient} from '../../source/api/client.js';
import type {Live} from '../../source/console/live/live.js';
import {watchDaemon} from '../../source/console/live/watch.js';
import {small, withConnectors} from './screens/support/around.js';

test('how old a picture is counts from the last contact, not from the last change; a daemon of another version is told', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'sluice-contact-'));
	const socket = join(folder, 's');
	const {status: same} = withConnectors(small, []).live;
	const status = same && {...same, daemon: {...same.daemon, version: '0.0.9'}};
	const streams: ServerResponse[] = [];
	const server = createServer((request, response) => {
		if (request.url === '/events') {
			response.writeHead(200, {'Content-Type': 'text/event-stream'}).write(': sluice\n\n');
			streams.push(response);
		} else {
			const answer = request.url === '/status' ? status : {items: [], total: 0, next: null};
			response.writeHead(200, {'Content-Type': 'application/json'}).end(JSON.stringify(answer));
		}
	});
	server.listen(socket);
	await once(server, 'listening');
	let heard: (live: Live) => void = () => undefined;
	const until = (seen: (live: Live) => boolean): Promise<Live> =>
		new Promise((resolve) => {
			heard = (live) => {
				if (seen(live)) resolve(live);
			};
		});
	const known = until(({status: told}) => told !== null);
	const watch = watchDaemon(createClient(socket, {user: 'ann', from: 'console'}), folder, (live) => heard(live));
	try {
		const {heardAt, otherVersion} = await known;
		expect(otherVersion).toMatch(/has version 0\.0\.9, this command .*: restart it with `sluice daemon stop`/);
		const pictured = heardAt ?? 0;
		while (Date.now() <= pictured + 1) await new Promise((resolve) => setTimeout(resolve, 1));
		const contact = Date.now();
		const gone = until(({lost}) => lost !== null);
		for (const stream of streams) stream.end(': still here\n\n');
		expect((await gone).heardAt).toBeGreaterThanOrEqual(contact);
	} finally {
		watch.close();
		server.closeAllConnections();
		server.close();
		rmSync(folder, {recursive: true});
	}
});
