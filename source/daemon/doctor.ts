import {statSync} from 'node:fs';
import {statfs} from 'node:fs/promises';
import type {DoctorCheck} from '../api/contract.js';
import type {WallProbe} from '../engine/sql/sandbox/probe-walls.js';
import type {Limits} from '../model/limits.js';
import {engineVersion} from './activation/fingerprint.js';
import {sandboxCure} from './activation/sandbox-check.js';
import type {Paths} from './paths.js';
import {keyFile} from './secrets/key-file.js';
import {secretProblems} from './secrets/secret-problems.js';
import {Vault} from './secrets/vault.js';
import {isReadOnly} from './server/disk-error.js';
import {checkedDatabases} from './state/checked-databases.js';
import {fileSystemOf} from './state/file-system.js';

const littleSpaceBytes = 1_000_000_000;

/**
 * Checks of the installation: engine, sandbox, both databases, disk (SPEC 13). Each says what it saw, good or not. Works without the daemon.
 *
 * @param walls what stands around the SQL engine, after each wall was tried
 */
export async function doctor(
	paths: Paths,
	{storeFile, limits}: {readonly storeFile: string; readonly limits: Limits},
	walls: WallProbe,
): Promise<readonly DoctorCheck[]> {
	const databases = await checkedDatabases(paths, storeFile);
	return [engine(), describeWalls(walls, limits), ...databases, secrets(paths), await disk(paths.state), await folder(paths.state)];
}

function engine(): DoctorCheck {
	try {
		return {check: 'engine', ok: true, message: engineVersion()};
	} catch {
		return {check: 'engine', ok: false, message: 'The package chdb is not installed: run npm ci'};
	}
}

/** Which walls the SQL of this workspace gets, after each was built and looked at from inside. */
export function describeWalls({standing, fallen}: WallProbe, {sqlSandbox}: Pick<Limits, 'sqlSandbox'>): DoctorCheck {
	const check = 'sandbox';
	const reasons = fallen.map(({kind, reason}) => `${kind} does not work (${reason})`);
	const stands = standing === null ? null : [`${standing.kind}: ${standing.program}`, ...reasons].join('; ');
	if (sqlSandbox === 'off') {
		const possible = stands === null ? 'none can be built here' : `this machine has ${stands}`;
		return {check, ok: true, message: `limits.sql_sandbox is off: SQL is held by the guard alone; ${possible}`};
	}
	if (stands !== null) return {check, ok: true, message: `SQL is held by the guard and a sandbox that was started to prove it; ${stands}`};
	const what =
		sqlSandbox === 'required'
			? 'SQL does not run: limits.sql_sandbox is required, and no sandbox starts'
			: 'SQL is held by the guard alone';
	return {check, ok: false, message: [what, ...reasons, sandboxCure].join('; ')};
}

function secrets(paths: Paths): DoctorCheck {
	const problems = secretProblems(new Vault(paths.secrets, keyFile(paths)), paths, []);
	if (problems.length === 0) return {check: 'secrets', ok: true, message: 'all that are set can be opened'};
	return {check: 'secrets', ok: false, message: problems.map(({message, expected}) => `${message}: ${expected}`).join('; ')};
}

async function disk(path: string): Promise<DoctorCheck> {
	const {bavail, bsize} = await statfs(path);
	const free = bavail * bsize;
	if (isReadOnly(path)) return {check: 'disk', ok: false, message: 'read-only: no run can go on; make it writable (`mount -o remount,rw`)'};
	return {check: 'disk', ok: free >= littleSpaceBytes, message: `${(free / 1e9).toFixed(1)} GB free`};
}

async function folder(path: string): Promise<DoctorCheck> {
	const mode = (statSync(path).mode & 0o777).toString(8);
	const system = await fileSystemOf(path);
	return {check: 'state folder', ok: !/[2367]$/.test(mode), message: `${path}: mode ${mode}${system === null ? '' : `, on ${system}`}`};
}
