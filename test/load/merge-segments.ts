import {StepTable} from '../../source/engine/load/results/step-table.js';

type Arguments = ConstructorParameters<typeof StepTable>;

/** Makes the table of a step from the segments up to a chunk, as a run does in the course of the step. */
export async function mergeSegments(session: Arguments[0], folder: string, of: Arguments[2], upToChunk: number): Promise<void> {
	const table = new StepTable(session, folder, of);
	await table.begin();
	await table.take(upToChunk);
	await table.finish();
}
