import type {RecordReader} from '../../../store/record-store.js';
import type {ChunkRows} from './chunk-input.js';
import type {CompiledStep} from './compile-step.js';
import {type ChunkPlan, planChunk} from './plan-chunk.js';
import {type PlanContext, prefetch} from './prefetch.js';
import {runLookups} from './run-lookups.js';

/** Plans a chunk against a store: asks what is foreseeable, plans, and plans again while there are questions left. */
export async function planRows(step: CompiledStep, rows: ChunkRows, reader: RecordReader, circumstances: PlanContext): Promise<ChunkPlan> {
	const {input, answers} = await prefetch(step, rows, reader, circumstances);
	for (;;) {
		const plan = planChunk(step, input, answers);
		if (plan) return plan;
		await runLookups(step, answers, reader);
	}
}
