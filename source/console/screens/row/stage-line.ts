import type {Span} from '../../theme/paint.js';

/** One line of what a stage did with a row. */
export type StageLine = readonly Span[];
