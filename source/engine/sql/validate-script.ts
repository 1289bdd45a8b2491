import {type ErrorBody, toSluiceError} from '../../model/errors.js';
import {type KeptOutput, keepOutputs} from './keep-outputs.js';
import {runScript} from './run-script.js';
import type {Script} from './script-error.js';
import type {SqlWorker} from './worker-session.js';

export type Validation =
	| {readonly ok: true; readonly engine: string; readonly outputs: readonly KeptOutput[]}
	| {readonly ok: false; readonly engine: string; readonly error: ErrorBody};

/**
 * Runs a script on the sample, whose databases have been built in the worker (SPEC 5.6). The caller remembers success for the sha256 of
 * the text and the engine's version.
 */
export async function validateScript(worker: SqlWorker, script: Script): Promise<Validation> {
	try {
		await runScript(worker, script);
		return {ok: true, engine: worker.engine, outputs: await keepOutputs(worker)};
	} catch (error) {
		return {ok: false, engine: worker.engine, error: toSluiceError(error).toJSON()};
	}
}
