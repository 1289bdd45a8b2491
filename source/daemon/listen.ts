import {chmodSync, chownSync, mkdtempSync, rmSync} from 'node:fs';
import type {Server} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Hono} from 'hono';
import {type DaemonFile, socketPlaces} from '../api/socket-path.js';
import {SluiceError} from '../model/errors.js';
import {writeWholeNow} from '../platform/files/whole-file.js';
import type {Paths} from './paths.js';
import {boundedServer} from './server/bounded-server.js';
import {isUploadMessage} from './server/upload-request.js';
import {type Access, makePrivate, openToGroup} from './state-folder.js';

const headersMs = 10_000;
const requestMs = 30_000;

/**
 * Opens the workspace's socket, for its owner alone or one group as well, and says in `daemon.json` where it is (SPEC 17). A place where no
 * socket can be opened gives way to the next one; the last is a new folder in the temporary one, which no other user can own.
 *
 * @returns `folder` is that new folder, to be removed with the socket
 * @throws SluiceError `daemon.no_socket` when no place takes it; `file.not_written` when `daemon.json` cannot be written
 */
export async function listen(
	app: Hono,
	paths: Paths,
	access: Access,
	self: Omit<DaemonFile, 'socket'>,
	mostConnections: () => number,
): Promise<{server: Server; socket: string; folder: string | null}> {
	const refusals: string[] = [];
	for (const place of [...socketPlaces(paths.workspace), null]) {
		let folder: string | null = null;
		let path = place?.path ?? tmpdir();
		try {
			if (place === null) {
				folder = newFolder();
				path = join(folder, 'daemon.sock');
			}
			if (place?.folder) makePrivate(place.folder);
			const ownFolder = place?.folder ?? folder;
			if (ownFolder && access) openToGroup(ownFolder, access.groupId);
			const server = await openSocket(app, path, access, mostConnections);
			sayWhere(server, paths, {...self, socket: path});
			return {server, socket: path, folder};
		} catch (error) {
			if (folder !== null) rmSync(folder, {recursive: true, force: true});
			if (error instanceof SluiceError && error.code === 'file.not_written') throw error;
			refusals.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
		}
	}
	throw new SluiceError('daemon.no_socket', `No socket can be opened for this workspace: ${refusals.join('; ')}`, {where: paths.workspace});
}

function newFolder(): string {
	return mkdtempSync(join(tmpdir(), `sluice-${process.getuid?.() ?? 'user'}-`));
}

async function openSocket(app: Hono, path: string, access: Access, mostConnections: () => number): Promise<Server> {
	// why: we hold the lock, so a socket that is still there belongs to a daemon that crashed.
	rmSync(path, {force: true});
	const server = boundedServer(app.fetch, {mostConnections, headersMs, requestMs, isUpload: isUploadMessage});
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
	return server;
}

function sayWhere(server: Server, paths: Paths, file: DaemonFile): void {
	try {
		writeWholeNow(paths.daemonFile, `${JSON.stringify(file)}\n`);
	} catch (error) {
		server.close();
		throw error;
	}
}
