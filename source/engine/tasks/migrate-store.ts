import {openStore} from '../../store/sqlite/open-store.js';
import type {ShortTask} from '../protocol.js';

/** Makes the store's tables fit the objects as they stand in the files (SPEC 2.1). @throws SluiceError `store.object_refused` */
export async function migrateStore({storeFile, objects}: Extract<ShortTask, {task: 'migrate'}>): Promise<null> {
	const store = await openStore(storeFile, objects);
	await store.close();
	return null;
}
