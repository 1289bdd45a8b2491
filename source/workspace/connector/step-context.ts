import type {VariableType} from '../../model/variable.js';
import type {ObjectEntry} from '../object/read-object.js';
import type {Report} from '../shape/report.js';
import type {Path} from '../yaml/yaml-file.js';
import type {Names} from './names.js';

/** What the rules of one load step are checked against. */
export type StepContext = {
	/** The step's index, from 0. */
	readonly step: number;
	readonly scope: string;
	/** Undefined where the object does not exist, or the step names none. */
	readonly object: ObjectEntry | undefined;
	readonly names: Names;
	/** Every name in the file, of those with problems too. */
	readonly written: ReadonlySet<string>;
	readonly report: Report;
};

/** The names a step of this scope can use: its variables, additional ones, and ids that earlier steps exposed. */
export function usableNames({names, scope, step}: Pick<StepContext, 'names' | 'scope' | 'step'>): readonly string[] {
	return [...names].flatMap(([name, named]) => {
		if (named.scope !== null && named.scope !== scope) return [];
		return named.kind === 'exposed' && named.step >= step ? [] : [name];
	});
}

/** The type of the variable that a rule names; undefined once it was told why the rule cannot use it. */
export function typeOfVariable(name: string, path: Path, context: StepContext): {type: VariableType; array: boolean} | undefined {
	const {names, written, report, scope, step} = context;
	const named = names.get(name);
	const usable = usableNames(context);
	if (named === undefined) {
		if (!written.has(name)) report.unknown(path, 'variable', name, usable);
		return undefined;
	}
	const expected = usable.length > 0 ? usable.join(', ') : 'a variable of this scope';
	if (named.scope !== null && named.scope !== scope) {
		report.at(path, {
			code: 'workspace.scope',
			message: `"${name}" belongs to the scope "${named.scope}", and this step reads "${scope}"`,
			expected,
		});
		return undefined;
	}
	if (named.kind === 'exposed' && named.step >= step) {
		const setter = named.step === step ? 'this very step' : `load step ${named.step + 1}, which comes later`;
		report.at(path, {code: 'workspace.order', message: `"${name}" is set by ${setter}`, expected});
		return undefined;
	}
	return named.kind === 'exposed' ? {type: 'uuid', array: false} : {type: named.type, array: named.kind === 'variable' && named.array};
}

export function typeName({type, array}: {type: VariableType; array: boolean}): string {
	return array ? `an array of ${type}` : type;
}
