import type {RecordReader} from '../../store/record-store.js';
import type {ChunkRows} from './chunk-input.js';
import type {CompiledStep} from './compile.js';
import {fetchAnswers} from './fetch.js';
import {type Circumstances, gather} from './gather.js';
import {type ChunkPlan, planChunk} from './plan.js';

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
