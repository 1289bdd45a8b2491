import {execFile} from 'node:child_process';
import {chmodSync, chownSync, lstatSync, mkdirSync, readlinkSync, realpathSync, statSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {promisify} from 'node:util';
import {SluiceError} from '../model/errors.js';
import type {Paths} from './paths.js';

const othersWrite = 0o002;

/** How the state is opened: to its owner alone, or to one group as well (SPEC 17). */
export type Access = {readonly groupId: number} | null;

/**
 * The state folder itself: `.sluice`, or where a link of that name leads, such as to another disk. The engine's sandbox sees real places only.
 *
 * @throws SluiceError `daemon.folder_open` for a link that somebody else made, or that leads nowhere
 */
export function realState(state: string): string {
	const found = lstatSync(state, {throwIfNoEntry: false});
	if (!found?.isSymbolicLink()) return state;
	if (process.getuid && found.uid !== process.getuid() && found.uid !== 0)
		throw refused(state, 'is a link that another user made', `Remove it: rm ${state}`);
	try {
		return realpathSync(state);
	} catch (cause) {
		throw new SluiceError('daemon.folder_open', 'The state folder is a link that leads nowhere', {
			where: state,
			expected: `a folder at ${readlinkSync(state)}`,
			cure: `Make it: mkdir -p -m 700 ${readlinkSync(state)}`,
			cause,
		});
	}
}

/**
 * Makes the state folder, private from its first moment (SPEC 17).
 *
 * @throws SluiceError `daemon.folder_open` when others can write the workspace or the state folder, or somebody else owns it
 */
export function makeStateFolder(paths: Paths, access: Access): void {
	refuseOpen(paths.workspace);
	makePrivate(paths.state);
	for (const folder of [paths.log, paths.executions, paths.tasks]) makePrivate(folder);
	if (access) openToGroup(paths.state, access.groupId);
}

/** Lets one group in, to look and to reach the socket, not to write. */
export function openToGroup(folder: string, groupId: number): void {
	chownSync(folder, -1, groupId);
	chmodSync(folder, 0o750);
}

/** A folder of mode 0700 that belongs to this user; one that exists already must be no link and no door for others. */
export function makePrivate(folder: string): void {
	try {
		mkdirSync(folder, {mode: 0o700});
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		const found = lstatSync(folder);
		if (!found.isDirectory()) {
			throw new SluiceError('daemon.folder_open', 'There is something else where a folder must be', {
				where: folder,
				expected: 'a folder, or nothing yet',
				cure: `Move it away: mv ${folder} ${folder}.old`,
			});
		}
		if (process.getuid && found.uid !== process.getuid())
			throw refused(folder, 'belongs to another user', `Make it yours: chown ${process.getuid()} ${folder}`);
	}
	closeToOthers(folder);
}

/** A folder that is a door for others is refused as it was found, unless its file system keeps no permissions: then no chmod can cure it. */
function closeToOthers(folder: string): void {
	const before = statSync(folder).mode;
	let refusal: unknown = null;
	try {
		chmodSync(folder, 0o700);
	} catch (error) {
		refusal = error;
	}
	const after = statSync(folder).mode;
	if ((after & othersWrite) !== 0) {
		throw new SluiceError('daemon.folder_open', 'The folder can be written by others, and its file system keeps no permissions', {
			where: folder,
			expected: 'a folder that chmod can close to others',
			cure: `Let ${folder} be a link to an empty folder on a disk of this machine, or mount this file system so that other users may not write (umask=077).`,
			cause: refusal,
		});
	}
	if (refusal !== null && (after & 0o777) !== 0o700) throw refusal;
	if ((before & othersWrite) === 0) return;
	chmodSync(folder, before & 0o777);
	throw refused(folder, 'can be written by others');
}

function refuseOpen(folder: string): void {
	if ((statSync(folder).mode & othersWrite) !== 0) throw refused(folder, 'can be written by others');
}

function refused(folder: string, what: string, cure = `Make it yours alone: chmod o-w ${folder}`): SluiceError {
	return new SluiceError('daemon.folder_open', `The folder ${what}`, {where: folder, cure});
}

/**
 * The group that `access: {group: NAME}` opens the state to (SPEC 17).
 *
 * @throws SluiceError `usage.unknown` when the machine knows no such group
 */
export async function accessOf(group: string | null): Promise<Access> {
	if (group === null) return null;
	const line = await groupLine(group);
	const groupId = Number(line?.split(':')[2]);
	if (line !== undefined && Number.isInteger(groupId)) return {groupId};
	throw new SluiceError('usage.unknown', `There is no group "${group}" on this machine`, {
		where: 'sluice.yaml',
		expected: 'access: {group: NAME}',
	});
}

/** A line of the group database: through `getent`, which knows directory services, else from /etc/group. */
async function groupLine(group: string): Promise<string | undefined> {
	try {
		return (await promisify(execFile)('getent', ['group', group])).stdout.trim();
	} catch {
		const lines = await readFile('/etc/group', 'utf8').catch(() => '');
		return lines.split('\n').find((line) => line.startsWith(`${group}:`));
	}
}
