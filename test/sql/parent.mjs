/** A program that starts a worker, keeps it busy and waits to be killed. Usage: parent.mjs <folder> <kind of wall, or none> <statement> */
import {startWorker} from '../../dist/source/engine/sql/worker-session.js';
import {defaultLimits} from '../../dist/source/model/limits.js';

const [folder, setting, statement] = process.argv.slice(2);
const limits = {...defaultLimits, sqlSandbox: setting === 'none' ? 'off' : 'required'};
const worker = await startWorker({folder, limits, sandboxKinds: setting === 'none' ? [] : [setting]});
worker.execute(statement).catch(() => undefined);
await worker.rows('SELECT 1');
process.send('busy');
