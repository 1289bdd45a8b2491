import {failpoint} from '../../platform/failpoint.js';
import {openStore} from '../../store/sqlite/open-store.js';
import type {ShortTask} from '../protocol.js';

/** `archive` and `unarchive`: all of the named records, or none (SPEC 13). @throws SluiceError `store.unknown`, `store.clash` */
export async function archiveRecords({
	task,
	storeFile,
	object,
	identifiers,
}: Extract<ShortTask, {task: 'archive' | 'unarchive'}>): Promise<number> {
	const store = await openStore(storeFile, [object]);
	try {
		failpoint('runner.archive.before');
		const changed = await (task === 'archive' ? store.archive(object.apiName, identifiers) : store.unarchive(object.apiName, identifiers));
		failpoint('runner.archive.after');
		return changed;
	} finally {
		await store.close();
	}
}
