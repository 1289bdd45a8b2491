/** A program that starts a worker, keeps it busy and waits to be killed. Usage: parent.mjs <folder> <sandbox> <statement> */
import {startWorker} from '../../dist/source/engine/sql/worker-session.js';
import {defaultLimits} from '../../dist/source/model/limits.js';

const [folder, sqlSandbox, statement] = process.argv.slice(2);
const worker = await startWorker({folder, limits: {...defaultLimits, sqlSandbox}});
worker.execute(statement).catch(() => undefined);
await worker.rows('SELECT 1');
process.send('busy');
