/** A place in a file the user wrote. Lines and columns count from 1; `file` is relative to the workspace. */
export type Place = {readonly file: string; readonly line: number; readonly column: number};

/** One thing wrong with the configuration, as `validate --json` prints it (SPEC 13). */
export type Problem = Place & {
	/** Stable, listed in `docs/reference/errors.md`. */
	readonly code: string;
	readonly message: string;
	/** What would have been right: the known names, the allowed values or a shape; null where there is nothing to list. */
	readonly expected: string | null;
};

export function formatPlace({file, line, column}: Place): string {
	return `${file}:${line}:${column}`;
}
