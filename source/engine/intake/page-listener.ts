import type {IntakeListener} from './page.js';

/** Where the reader of one page tells what it sees. */
export type PageListener = Pick<IntakeListener, 'onLog' | 'onWarning'> & {
	/** Rows written since the last call. */
	readonly onRows: (rows: number) => void;
	/** Bytes about to be written to the page's file; throws when all pages together are over the bound (SPEC 17). */
	readonly onBytes: (bytes: number) => void;
};
