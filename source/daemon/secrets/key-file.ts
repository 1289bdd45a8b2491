import {createHash, randomBytes} from 'node:crypto';
import {chmodSync, mkdirSync, readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {writeWholeNow} from '../../files/whole-file.js';

/** The workspace's key, outside the workspace: whoever copies the folder does not get the secrets (SPEC 15). */
export function keyFile(workspaceDir: string, environment: NodeJS.ProcessEnv = process.env): string {
	const base = environment.XDG_CONFIG_HOME || join(environment.HOME || homedir(), '.config');
	const name = createHash('sha256').update(workspaceDir).digest('hex').slice(0, 24);
	return join(base, 'sluice', 'keys', `${name}.key`);
}

/** 32 bytes of AES key, made at the first use; null when there is none and `make` is false. */
export function readKey(file: string, make: boolean): Buffer | null {
	try {
		return Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
	}
	if (!make) return null;
	const folder = join(file, '..');
	mkdirSync(folder, {recursive: true, mode: 0o700});
	chmodSync(folder, 0o700);
	const key = randomBytes(32);
	writeWholeNow(file, `${key.toString('hex')}\n`, {replaces: false});
	return key;
}
