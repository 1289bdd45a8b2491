import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {TestProject} from 'vitest/node';

declare module 'vitest' {
	export interface ProvidedContext {
		/** The folder of everything that the tests of `intake` write. */
		scratch: string;
	}
}

/** Set up once for all files of `intake`: their processes are ended without a word, so that what they write is removed from here. */
export function setup({provide}: TestProject): () => void {
	const scratch = mkdtempSync(join(tmpdir(), 'sluice-intake-'));
	provide('scratch', scratch);
	return () => rmSync(scratch, {recursive: true, force: true});
}
