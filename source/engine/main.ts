import {StopRequest} from './execution/stop-request.js';
import type {FromRunner, ToRunner} from './protocol.js';
import {runTask} from './run-task.js';
import type {RunnerLink} from './runner-link.js';

/*
 * The runner: one process, one task. It dies with its daemon, and can be killed at any instant: what it committed stays,
 * what it did not commit was never there.
 */

let lastSent: Promise<void> = Promise.resolve();

const link: RunnerLink = {
	stop: new StopRequest(),
	send: (message: FromRunner) => {
		if (!process.connected) return;
		lastSent = new Promise((resolve) => process.send?.(message, undefined, {}, () => resolve()));
	},
	answerRows: null,
};

process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

process.on('message', (message: ToRunner) => {
	switch (message.type) {
		case 'task':
			// why: the daemon may have died between forking this process and the arrival of the task; nobody would hear how it ends
			if (!process.connected) process.exit(0);
			void runToTheEnd(message.task);
			break;
		case 'cancel':
		case 'stop':
			link.stop.request(message.type);
			break;
		case 'rows':
			void link.answerRows?.(message.request, message.sql);
			break;
	}
});

async function runToTheEnd(task: Extract<ToRunner, {type: 'task'}>['task']): Promise<void> {
	await runTask(task, link);
	await lastSent;
	// why: everything was said; a handle that some library left open must not keep the process
	process.exit(0);
}
