import {existsSync, renameSync, rmSync} from 'node:fs';
import {SluiceError} from '../../model/errors.js';
import {type DatabaseKind, probeDatabase} from '../../store/sqlite/probe.js';
import {control as openControlRoom} from '../control/control.js';
import type {Actor} from '../control/history.js';
import {takeLock} from '../control/lock.js';
import type {Paths} from '../paths.js';
import {readStateFile, writeStateFile} from './state-file.js';
import {wasControlUsed} from './used-databases.js';

/**
 * Lets a workspace begin without the databases that are gone (SPEC 17): the state file forgets them, and the history says so. Touches no
 * database that is there.
 *
 * @returns the files it begins anew
 * @throws SluiceError `state.not_gone` where none is gone, `daemon.running`
 */
export function startEmpty(paths: Paths, storeFile: string, actor: Actor): readonly string[] {
	const lock = takeLock(paths.lock);
	try {
		const used = readStateFile(paths.stateFile);
		const files: Readonly<Record<DatabaseKind, string>> = {control: paths.control, store: storeFile};
		const wasUsed: Readonly<Record<DatabaseKind, boolean>> = {
			control: wasControlUsed(paths, storeFile, used),
			store: used?.store != null,
		};
		const gone = (['control', 'store'] as const).filter((kind) => wasUsed[kind] && isGone(files[kind], kind));
		if (gone.length === 0) {
			throw new SluiceError('state.not_gone', 'No database of this workspace is gone', {where: paths.state});
		}
		if (!gone.includes('control') && probeDatabase(paths.control, 'control', 'quick_check').is === 'damaged')
			throw new SluiceError('state.damaged', 'The other database of this workspace is damaged', {where: paths.control});
		for (const kind of gone) moveLogAside(files[kind]);
		const control = openControlRoom(paths.control);
		try {
			for (const kind of gone) control.history.add(actor, {what: 'start empty', detail: {database: files[kind]}});
			const store = gone.includes('store') ? null : (used?.store ?? null);
			writeStateFile(paths.stateFile, {control: control.generation(), store});
		} finally {
			control.close();
		}
		return gone.map((kind) => files[kind]);
	} finally {
		lock.release();
	}
}

/** A log without its database would be brought into the new one. */
function moveLogAside(file: string): void {
	for (const ending of ['-wal', '-journal']) if (existsSync(`${file}${ending}`)) renameSync(`${file}${ending}`, `${file}${ending}.lost`);
	rmSync(`${file}-shm`, {force: true});
}

function isGone(file: string, kind: DatabaseKind): boolean {
	const {is} = probeDatabase(file, kind, 'head');
	return is === 'missing' || is === 'empty';
}
