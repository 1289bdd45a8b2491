/** The thread of `bringLogIn`: brings the log of the store into its file, as far as nobody else is reading or writing it, and ends. */
import {workerData} from 'node:worker_threads';
import {openForWriting} from '../connection.js';

const db = openForWriting(String(workerData));
try {
	db.pragma('wal_checkpoint(PASSIVE)');
} finally {
	db.close();
}
