import {statSync} from 'node:fs';
import type {DoctorCheck} from '../../api/contract.js';
import {toSluiceError} from '../../model/errors.js';
import {checkedDatabase} from '../../store/sqlite/checked-database.js';
import type {DatabaseKind} from '../../store/sqlite/probe.js';
import type {Paths} from '../paths.js';
import {readStateFile} from './state-file.js';
import {unfit, wasControlUsed} from './used-databases.js';

/** Both databases, opened and checked from their first page to their last: whether they are whole, and those this workspace has used. */
export async function checkedDatabases(paths: Paths, storeFile: string): Promise<readonly DoctorCheck[]> {
	const used = readStateFile(paths.stateFile);
	return [
		await checked('store', storeFile, used?.store != null, used?.store ?? null),
		await checked('control', paths.control, wasControlUsed(paths, storeFile, used), used?.control ?? null),
	];
}

async function checked(kind: DatabaseKind, file: string, wasUsed: boolean, before: Parameters<typeof unfit>[4]): Promise<DoctorCheck> {
	try {
		const found = await checkedDatabase(file, kind);
		const error = unfit(kind, file, found, wasUsed, before);
		if (error) return {check: kind, ok: false, message: `${file}: ${error.message}. ${error.cure}`};
		if (found.is === 'missing' || found.is === 'empty') return {check: kind, ok: true, message: `${file}: made when it is first needed`};
		return {check: kind, ok: true, message: `${file}: whole, ${Math.ceil(statSync(file).size / 1000)} kB`};
	} catch (error) {
		return {check: kind, ok: false, message: `${file}: ${toSluiceError(error).message}`};
	}
}
