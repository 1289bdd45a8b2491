import {errorsOf, formatPlace, type Problem} from '../../model/problem.js';

export type Standing = {
	/** Problems of the connector's files. */
	readonly problems: readonly Problem[];
	/** What the files do not say yet: a sample file, variables, a complete load step. */
	readonly missing: readonly string[];
	/** What validating the SQL on the sample found, warnings included; null: it was never validated as it stands. */
	readonly validation: readonly Problem[] | null;
	/** The second wall around its SQL, when it needs one that this machine does not have. */
	readonly sandbox: string | null;
	/** Secrets that its callers sign with and that hold no key. */
	readonly noKey: readonly Problem[];
	/** Secrets that it names and that are not set. */
	readonly unset: readonly Problem[];
	/** What keeps every execution of the workspace from running, such as a store that refuses an object. */
	readonly store: readonly Problem[];
	/** Whether it has SQL to be validated. */
	readonly hasSql: boolean;
};

/** Everything that keeps a connector from being activated (SPEC 10), as sentences, each once; empty when nothing does. */
export function lacks({problems, missing, validation, sandbox, noKey, unset, store, hasSql}: Standing): readonly string[] {
	const isJudged = problems.length === 0 && missing.length === 0 && store.length === 0;
	return [
		...new Set([
			...missing,
			...problems.map((problem) => `a valid configuration: ${placed(problem)}`),
			...errorsOf(unset).map((problem) => `a secret: ${placed(problem)}`),
			...noKey.map(({message}) => `a signing key: ${message}`),
			...store.map((problem) => `objects that the store accepts: ${placed(problem)}`),
			...(isJudged ? ofValidation(validation, hasSql) : []),
			...(sandbox === null ? [] : [sandbox]),
		]),
	];
}

function ofValidation(validation: readonly Problem[] | null, hasSql: boolean): readonly string[] {
	if (validation === null) return [hasSql ? 'SQL validated as it stands' : 'the sample file read as it stands'];
	// A secret that is not set was told where it is named.
	const found = errorsOf(validation).filter(({code}) => code !== 'secret.missing');
	return found.map((problem) =>
		hasSql && !problem.code.startsWith('intake.')
			? `SQL that runs on the sample: ${placed(problem)}`
			: `a sample file that can be run: ${placed(problem)}`,
	);
}

function placed(problem: Problem): string {
	return `${formatPlace(problem)}  ${problem.message}`;
}
