/** A place in a file the user wrote. Lines and columns count from 1; `file` is relative to the workspace. */
export type Place = {readonly file: string; readonly line: number; readonly column: number};

/** One thing wrong with the configuration, as `validate --json` prints it (SPEC 13). */
export type Problem = Place & {
	/** Stable, listed in `docs/reference/errors.md`. */
	readonly code: string;
	readonly message: string;
	/** What would have been right: the known names, the allowed values or a shape; null where there is nothing to list. */
	readonly expected: string | null;
	/** A warning keeps nothing from running. Absent: `error`. */
	readonly severity?: Severity;
};

export const severities = ['error', 'warning'] as const;
export type Severity = (typeof severities)[number];

export function isWarning({severity}: {readonly severity?: Severity | undefined}): boolean {
	return severity === 'warning';
}

/** Of problems, those that keep something from running. */
export function errorsOf(problems: readonly Problem[]): readonly Problem[] {
	return problems.filter((problem) => !isWarning(problem));
}

/** How many problems there are, such as `2 problems, 1 warning`. */
export function problemCount(problems: readonly Problem[]): string {
	const errors = errorsOf(problems).length;
	const warnings = problems.length - errors;
	const counts = [...(errors > 0 ? [counted(errors, 'problem')] : []), ...(warnings > 0 ? [counted(warnings, 'warning')] : [])];
	return counts.join(', ') || 'no problems';
}

function counted(number: number, noun: string): string {
	return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

export function formatPlace({file, line, column}: Place): string {
	return `${file}:${line}:${column}`;
}
