/*
 * A small runner that speaks source/engine/protocol.ts, so that the daemon is tested with real processes and without the SQL engine.
 * The name of the input file says what it does:
 *   quick…   completes · warn… one errored row · fail… fails · die-<n>… kills itself in its second chunk under the first n leases
 *   reported… completes at once, and its report is on disk
 *   deaf…    runs and hears no wish to stop
 *   hold…    works on chunk 1 of 2 until it is asked to stop or the file `release` stands in its folder
 *   chunks-<n>… commits n chunks, a line each in `commits`, and goes on where an earlier runner stopped
 *   chunks-<n>-at-<a>-<b>… the same, but under its first lease it stands still after a chunks, under its second after b, and so on
 */
import {appendFileSync, existsSync, readFileSync, writeFileSync, writeSync} from 'node:fs';
import {join} from 'node:path';

let asked = null;
const send = (message) => process.send(message);
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (message) => {
	if (message.type === 'task') void perform(message.task);
	else if (message.type === 'rows') send({type: 'rows', request: message.request, rows: [{answer: message.sql}], error: null});
	else asked = message.type;
});

async function perform(task) {
	if (task.task === 'execute') await execute(task);
	else await short(task);
}

async function short(task) {
	const answer = (result, error = null) => process.send({type: 'result', result, error}, () => process.exit(0));
	if (task.task === 'migrate') {
		writeFileSync(task.storeFile, '');
		answer(null);
	} else if (task.task === 'validate') {
		if (existsSync(join(task.storeFile, '..', 'validations'))) appendFileSync(join(task.storeFile, '..', 'validations'), 'x');
		const broken = task.connector.sql?.text.includes('BROKEN');
		answer(
			null,
			broken
				? {code: 'workspace.invalid', message: 'near BROKEN', where: `${task.connector.sql.file}:2:5`, expected: null, cure: null}
				: null,
		);
	} else if (task.task === 'forget_events') answer(0);
	else if (task.task === 'infer') answer({read: {notes: []}, items: [{name: 'email', type: 'email'}]});
	else answer(task.identifiers.length);
}

async function execute(job) {
	const name = job.input.name;
	const chunks = Number(/^chunks-(\d+)/.exec(name)?.[1] ?? 2);
	const standsAt = Number(/-at-([\d-]+)/.exec(name)?.[1].split('-')[job.lease - 1] ?? chunks);
	const commits = join(job.folder, 'commits');
	const report = name.startsWith('reported') ? join(job.folder, 'report.xlsx') : null;
	if (report !== null) writeFileSync(report, '');
	let done = existsSync(commits) ? readFileSync(commits, 'utf8').split('\n').filter(Boolean).length : 0;
	const progress = (state, counts = {}) => ({
		stages: [
			{
				stage: 'load:1',
				name: 'P',
				object: 'people',
				scope: 'input',
				state,
				rows: chunks,
				chunks,
				chunks_done: done,
				created: done,
				updated: 0,
				skipped: 0,
				errored: 0,
				warnings: 0,
				started_at: null,
				ended_at: null,
				...counts,
			},
			{
				stage: 'report',
				name: 'Report',
				object: null,
				scope: null,
				state: 'waiting',
				rows: null,
				chunks: null,
				chunks_done: null,
				created: null,
				updated: null,
				skipped: null,
				errored: null,
				warnings: null,
				started_at: null,
				ended_at: null,
			},
		],
		rows: {input: chunks, by_scope: {input: chunks}},
		engine: 'fake',
		walls: [],
		warnings: [],
		artifacts: {sql_output: null, report},
	});
	const end = (result, counts, error = null) =>
		process.send(
			{
				type: 'ended',
				result,
				at: `load:1, chunk ${Math.min(done + 1, chunks)} of ${chunks}`,
				progress: progress(result === 'stopped' ? 'running' : 'completed', counts),
				error,
			},
			() => process.exit(0),
		);
	writeFileSync(join(job.folder, 'job.json'), JSON.stringify(job));
	send({
		type: 'log',
		level: 'info',
		stage: 'intake',
		message: `lease ${job.lease} with ${Object.values(job.secrets)
			.map((secret) => secret.password)
			.join()}`,
		at: new Date().toISOString(),
	});
	send({type: 'progress', progress: progress('running')});
	const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

	if (job.closing) return end(job.closing.as, {}, job.closing.error);
	if (name.startsWith('fail')) return end('failed', {}, {code: 'internal', message: 'it broke', where: null, expected: null, cure: null});
	if (name.startsWith('warn')) return end('warning', {created: 1, errored: 1});
	if (report !== null) return end('completed', {created: 1});
	while (name.startsWith('deaf')) await turn();
	if (name.startsWith('hold')) {
		while (asked === null && !existsSync(join(job.folder, 'release'))) await turn();
		if (asked !== null) return end(asked === 'cancel' ? 'cancelled' : 'stopped');
		return end('completed', {created: 2});
	}
	const deaths = Number(/^die-(\d+)/.exec(name)?.[1] ?? 0);
	while (done < chunks) {
		await turn();
		if (asked !== null) return end(asked === 'cancel' ? 'cancelled' : 'stopped');
		if (done >= standsAt) continue;
		if (done === 1 && job.lease <= deaths) {
			await new Promise((resolve) => process.send({type: 'progress', progress: progress('running')}, resolve));
			writeSync(2, 'node:internal/errors:1\n    throw error;\n    ^\nError: out of luck\n    at execute (fake.mjs:1:1)\n');
			process.kill(process.pid, 'SIGKILL');
		}
		appendFileSync(commits, `${done + 1} ${job.lease}\n`);
		done++;
		send({type: 'progress', progress: progress('running')});
	}
	end('completed', {created: chunks});
}
