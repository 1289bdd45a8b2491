import type {StopRequest} from './execution/stop-request.js';
import type {FromRunner} from './protocol.js';

/** What a task knows of the daemon that forked its runner. */
export type RunnerLink = {
	readonly stop: StopRequest;
	readonly send: (message: FromRunner) => void;
	/** Set while the running execution's engine can answer questions about its tables. */
	answerRows: ((request: number, sql: string) => Promise<void>) | null;
};
