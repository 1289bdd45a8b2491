import {createHash, randomBytes, randomUUID} from 'node:crypto';
import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join} from 'node:path';
import {writeWholeNow} from '../../platform/files/whole-file.js';
import type {Paths} from '../paths.js';

const keyBytes = 32;
const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Place = Pick<Paths, 'workspace' | 'workspaceId'>;

/**
 * The workspace's key, outside the workspace: whoever copies the folder to another machine does not get the secrets (SPEC 15). It is named by
 * the id that the workspace keeps, so that one that was moved or renamed has its key; before it has an id, by its path.
 */
export function keyFile({workspace, workspaceId}: Place, environment: NodeJS.ProcessEnv = process.env): string {
	const name = readId(workspaceId) ?? createHash('sha256').update(workspace).digest('hex').slice(0, 24);
	return join(keyFolder(environment), `${name}.key`);
}

function keyFolder(environment: NodeJS.ProcessEnv): string {
	return join(environment.XDG_CONFIG_HOME || join(environment.HOME || homedir(), '.config'), 'sluice', 'keys');
}

function readId(file: string): string | null {
	try {
		const id = readFileSync(file, 'utf8').trim();
		return idPattern.test(id) ? id : null;
	} catch {
		return null;
	}
}

/**
 * Gives a workspace its id, and its key the name of that id. A key that an earlier version named by the path of the workspace, wherever that
 * was, is known by what it opens.
 *
 * @param opens whether a key opens what the workspace holds; null where it holds no secret
 * @throws SluiceError `file.not_written`
 */
export function nameKey(place: Place, opens: ((key: Buffer) => boolean) | null, environment: NodeJS.ProcessEnv = process.env): void {
	const byPath = keyFile(place, environment);
	const id = readId(place.workspaceId) ?? randomUUID();
	const named = join(keyFolder(environment), `${id}.key`);
	if (opens && !existsSync(named)) {
		const found = [byPath, ...otherKeys(environment)].map(keyIn).find((key) => key !== null && opens(key));
		if (found) writeKey(named, found);
	}
	if (readId(place.workspaceId) === null) writeWholeNow(place.workspaceId, `${id}\n`);
}

function otherKeys(environment: NodeJS.ProcessEnv): readonly string[] {
	const folder = keyFolder(environment);
	return namesIn(folder)
		.filter((name) => name.endsWith('.key'))
		.map((name) => join(folder, name));
}

/** None where the folder is missing, or may not be read. */
function namesIn(folder: string): readonly string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

/** The key in a file; null where there is none, or none that is whole. */
function keyIn(file: string): Buffer | null {
	try {
		return readKey(file, false);
	} catch {
		return null;
	}
}

/** Whether there is something in place of the key that is no key: an empty file, or one that was cut or changed. */
export function isDamagedKey(file: string): boolean {
	return existsSync(file) && keyIn(file) === null;
}

/**
 * 32 bytes of AES key; null when there is none, or none that is whole, and `make` is false. `make`: it is made at the first use; a damaged one
 * is moved aside.
 */
export function readKey(file: string, make: boolean): Buffer | null {
	try {
		const text = readFileSync(file, 'utf8').trim();
		if (text.length === keyBytes * 2 && /^[0-9a-f]+$/i.test(text)) return Buffer.from(text, 'hex');
		if (make) renameSync(file, `${file}.damaged`);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
	}
	if (!make) return null;
	const key = randomBytes(keyBytes);
	writeKey(file, key);
	return key;
}

function writeKey(file: string, key: Buffer): void {
	mkdirSync(dirname(file), {recursive: true, mode: 0o700});
	chmodSync(dirname(file), 0o700);
	writeWholeNow(file, `${key.toString('hex')}\n`, {replaces: false});
}
