import type {Progress} from '../../engine/protocol.js';

export type CrashCount = {readonly strikes: number; readonly place: string | null};

/** A chunk that kills its runner this often fails the execution (SPEC 9). */
const chunkStrikes = 3;
/** Before the load steps nothing is lost by another try, and a start says little about its cause. */
const otherStrikes = 5;

/** Where an execution stands, as people read it: `load:1, chunk 4 of 20`, or the name of a stage. */
export function placeOf(progress: Progress | null): string {
	const stage = progress?.stages.find(({state}) => state === 'running');
	if (!stage) return 'start';
	if (stage.chunks === null) return stage.stage;
	return `${stage.stage}, chunk ${Math.min((stage.chunks_done ?? 0) + 1, stage.chunks)} of ${stage.chunks}`;
}

/** One more death of a runner. Deaths at different places are no pattern: the count begins again. */
export function countCrash(before: CrashCount, place: string): CrashCount & {readonly fatal: boolean} {
	const strikes = before.place === place ? before.strikes + 1 : 1;
	return {strikes, place, fatal: strikes >= (place.startsWith('load:') ? chunkStrikes : otherStrikes)};
}
