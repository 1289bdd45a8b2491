import {chmodSync, chownSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import type {Server} from 'node:http';
import type {Hono} from 'hono';
import {type DaemonFile, socketPath} from '../api/socket-path.js';
import type {Paths} from './paths.js';
import {boundedServer} from './server/bounded-server.js';
import {type Access, makePrivate, openToGroup} from './state-folder.js';

const headersMs = 10_000;
const requestMs = 30_000;

/** Opens the workspace's socket, for its owner alone or one group as well, and says in `daemon.json` where it is (SPEC 17). */
export async function listen(
	app: Hono,
	paths: Paths,
	access: Access,
	self: Omit<DaemonFile, 'socket'>,
	mostConnections: () => number,
): Promise<{server: Server; socket: string}> {
	const {path, folder} = socketPath(paths.workspace);
	if (folder !== null) {
		makePrivate(folder);
		if (access) openToGroup(folder, access.groupId);
	}
	// why: we hold the lock, so a socket that is still there belongs to a daemon that crashed.
	rmSync(path, {force: true});
	const server = boundedServer(app.fetch, {mostConnections, headersMs, requestMs});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		// why: bind happens inside this call, so the socket is born with these rights and never has others.
		const before = process.umask(access ? 0o117 : 0o177);
		try {
			server.listen(path, resolve);
		} finally {
			process.umask(before);
		}
	});
	if (access) {
		chownSync(path, -1, access.groupId);
		chmodSync(path, 0o660);
	}
	writeDaemonFile(paths, {...self, socket: path});
	return {server, socket: path};
}

function writeDaemonFile(paths: Paths, file: DaemonFile): void {
	const draft = `${paths.daemonFile}.new`;
	writeFileSync(draft, `${JSON.stringify(file)}\n`, {mode: 0o600});
	renameSync(draft, paths.daemonFile);
}
