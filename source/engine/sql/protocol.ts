import type {AccessConfiguration} from './access.js';
import type {Expectation} from './sandbox/wall.js';

/** `trusted`: our own statements. `restricted`: the user's, under the grants and limits of an access configuration. */
export type OpenMode = 'trusted' | 'restricted';

/** How the blocks of a stream are written: columns as documents of their own, or rows as bytes. */
export type StreamFormat = 'JSONCompactColumns' | 'RowBinary';

/** What the runner asks of the worker. Answers carry the same `id`; `more` and `stop` speak of an open stream and have none of their own. */
export type Request =
	/** Comes first: the worker looks at its walls from inside, and does not load the engine when they do not stand. */
	| {readonly id: number; readonly do: 'look'; readonly expectation: Expectation}
	| {
			readonly id: number;
			readonly do: 'open';
			readonly access: AccessConfiguration | null;
			readonly settings: readonly string[];
			/** The execution whose tables are meant, where the worker's folder is that of all executions. */
			readonly execution?: string;
	  }
	/** Nothing is open from here on: another process may open the tables. */
	| {readonly id: number; readonly do: 'close'}
	/** `beside`: in the session for work that nothing waits for. */
	| {readonly id: number; readonly do: 'execute' | 'rows'; readonly sql: string; readonly beside?: boolean}
	| {readonly id: number; readonly do: 'stream'; readonly sql: string; readonly credit: number; readonly format: StreamFormat}
	| {readonly id: number; readonly do: 'more'}
	| {readonly id: number; readonly do: 'stop'}
	/** The payload is the block as `JSONCompactColumns`. */
	| {readonly id: number; readonly do: 'insert'; readonly sql: string}
	| {readonly id: number; readonly do: 'memory'};

/** An engine error as it came: its number in ClickHouse's list, where it has one, and its text. */
export type EngineErrorBody = {readonly engineCode: number | null; readonly text: string};

export type Reply =
	| {readonly id: number; readonly is: 'done'; readonly result?: unknown}
	/** The payload is one block of the stream, in the format that was asked for. */
	| {readonly id: number; readonly is: 'block'}
	| {readonly id: number; readonly is: 'failed'; readonly error: EngineErrorBody};
