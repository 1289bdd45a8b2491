import {errorsOf, type Problem} from '../../model/problem.js';

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
};

/** Everything that keeps a connector from being activated (SPEC 10), as sentences; empty when nothing does. */
export function lacks({problems, missing, validation, sandbox, noKey}: Standing): readonly string[] {
	return [
		...missing,
		...(problems.length > 0 ? [`a valid configuration: ${first(problems)}`] : []),
		...noKey.map(({message}) => `a signing key: ${message}`),
		...(problems.length === 0 && missing.length === 0 ? ofValidation(validation) : []),
		...(sandbox === null ? [] : [sandbox]),
	];
}

function ofValidation(validation: readonly Problem[] | null): readonly string[] {
	if (validation === null) return ['SQL validated as it stands'];
	return errorsOf(validation).map(({message}) => `SQL that runs on the sample: ${message}`);
}

function first(problems: readonly Problem[]): string {
	const [message = '', ...more] = problems.map((problem) => problem.message);
	return more.length === 0 ? message : `${message} (and ${more.length} more)`;
}
