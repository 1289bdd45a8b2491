import {existsSync, statSync} from 'node:fs';
import {statfs} from 'node:fs/promises';
import {delimiter, join} from 'node:path';
import type {DoctorCheck} from '../api/contract.js';
import {engineVersion} from './activation/fingerprint.js';
import type {Paths} from './paths.js';
import {checkedDatabases} from './state/checked-databases.js';

const littleSpaceBytes = 1_000_000_000;

/** Checks of the installation: engine, sandbox, both databases, disk (SPEC 13). Each says what it saw, good or not. Works without the daemon. */
export async function doctor(paths: Paths, storeFile: string): Promise<readonly DoctorCheck[]> {
	return [engine(), sandbox(), ...(await checkedDatabases(paths, storeFile)), await disk(paths.state), folder(paths.state)];
}

function engine(): DoctorCheck {
	try {
		return {check: 'engine', ok: true, message: engineVersion()};
	} catch {
		return {check: 'engine', ok: false, message: 'The package chdb is not installed: run npm ci'};
	}
}

function sandbox(): DoctorCheck {
	const found = (process.env.PATH ?? '')
		.split(delimiter)
		.map((place) => join(place, 'bwrap'))
		.find((path) => existsSync(path));
	if (found) return {check: 'sandbox', ok: true, message: `bubblewrap: ${found}`};
	return {check: 'sandbox', ok: false, message: 'bubblewrap is not installed: SQL is held by the guard alone'};
}

async function disk(path: string): Promise<DoctorCheck> {
	const {bavail, bsize} = await statfs(path);
	const free = bavail * bsize;
	return {check: 'disk', ok: free >= littleSpaceBytes, message: `${(free / 1e9).toFixed(1)} GB free`};
}

function folder(path: string): DoctorCheck {
	const mode = (statSync(path).mode & 0o777).toString(8);
	return {check: 'state folder', ok: !/[2367]$/.test(mode), message: `${path}: mode ${mode}`};
}
