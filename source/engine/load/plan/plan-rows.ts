import type {RecordReader} from '../../../store/record-store.js';
import type {ChunkRows} from './chunk-input.js';
import type {CompiledStep} from './compile-step.js';
import {type ChunkPlan, planChunk} from './plan-chunk.js';
import {type Circumstances, gather} from './prefetch.js';
import {fetchAnswers} from './run-lookups.js';

/** Plans a chunk against a store: asks what is foreseeable, plans, and plans again while there are questions left. */
export async function planRows(
	step: CompiledStep,
	rows: ChunkRows,
	reader: RecordReader,
	circumstances: Circumstances,
): Promise<ChunkPlan> {
	const {input, answers} = await gather(step, rows, reader, circumstances);
	for (;;) {
		const plan = planChunk(step, input, answers);
		if (plan) return plan;
		await fetchAnswers(step, answers, reader);
	}
}
