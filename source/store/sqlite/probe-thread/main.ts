/** The thread of `checkedDatabase`: looks at a whole database, says what it found, and ends. */
import {parentPort, workerData} from 'node:worker_threads';
import {type DatabaseKind, probeDatabase} from '../probe.js';

const {file, kind} = workerData as {readonly file: string; readonly kind: DatabaseKind};
parentPort?.postMessage(probeDatabase(file, kind, 'integrity_check'));
