import type {ErrorCode} from '../../../model/error-codes.js';

/** What the engine's text tells of another server, in words for people. `cure`: where the code's own does not fit. */
export type Failure = {readonly code: ErrorCode; readonly message: string; readonly cure?: string};
