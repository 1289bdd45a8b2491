/** A place in a file the user wrote. Lines and columns count from 1; `file` is relative to the workspace. */
export type Place = {readonly file: string; readonly line: number; readonly column: number};

/** One thing wrong with the configuration, as `validate --json` prints it (SPEC 13). */
export type Problem = Place & {
	/** Stable, listed in `docs/reference/errors.md`. */
	readonly code: string;
	readonly message: string;
	/** What would have been right: the known names, the allowed values or a shape; null where there is nothing to list. */
	readonly expected: string | null;
	/** A warning or a hint keeps nothing from running. Absent: `error`. */
	readonly severity?: Severity;
};

export const severities = ['error', 'warning', 'hint'] as const;
export type Severity = (typeof severities)[number];

/** What keeps nothing from running: a warning or a hint. */
export function isHarmless({severity}: {readonly severity?: Severity | undefined}): boolean {
	return severity === 'warning' || severity === 'hint';
}

/** Of problems, those that keep something from running. */
export function errorsOf(problems: readonly Problem[]): readonly Problem[] {
	return problems.filter((problem) => !isHarmless(problem));
}

/** How many problems there are, such as `2 problems, 1 warning, 1 hint`. */
export function problemCount(problems: readonly Problem[]): string {
	const errors = errorsOf(problems).length;
	const warnings = problems.filter(({severity}) => severity === 'warning').length;
	const counts = [
		{number: errors, noun: 'problem'},
		{number: warnings, noun: 'warning'},
		{number: problems.length - errors - warnings, noun: 'hint'},
	];
	const named = counts.filter(({number}) => number > 0).map(({number, noun}) => counted(number, noun));
	return named.join(', ') || 'no problems';
}

function counted(number: number, noun: string): string {
	return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

export function formatPlace({file, line, column}: Place): string {
	return `${file}:${line}:${column}`;
}
