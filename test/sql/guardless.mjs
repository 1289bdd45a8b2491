/** Starts a worker behind one kind of wall, for a test that runs it as another user. Usage: guardless.mjs <folder> <kind> <statement>... */
import {startWorker} from '../../dist/source/engine/sql/worker-session.js';
import {defaultLimits} from '../../dist/source/model/limits.js';

const [folder, kind, ...statements] = process.argv.slice(2);
const worker = await startWorker({folder, limits: {...defaultLimits, sqlSandbox: 'required'}, sandboxKinds: [kind]});
const answers = [];
for (const statement of statements) answers.push(await worker.rows(statement).catch(({code}) => code));
console.log(JSON.stringify({walls: worker.walls, answers}));
await worker.kill();
