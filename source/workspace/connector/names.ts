import type {VariableType} from '../../model/variable.js';
import type {ConnectorInput} from '../schema/connector-schema.js';
import type {Report} from '../shape/report.js';
import type {Path} from '../yaml/yaml-file.js';

/** What a name in matching, mapping or a template stands for. */
export type Named =
	| {readonly kind: 'variable'; readonly type: VariableType; readonly array: boolean; readonly scope: string}
	/** `scope` is the one its template draws on; null where it is the same in every scope. */
	| {readonly kind: 'additional'; readonly type: VariableType; readonly scope: string | null}
	/** The record's id that the load step with this index sets. */
	| {readonly kind: 'exposed'; readonly step: number; readonly scope: string};

export type Names = ReadonlyMap<string, Named>;

/** Names are unique across variables, additional variables and exposed ids; those that begin with `__` are Sluice's own (SPEC 6). */
export function checkNames({variables, additional_variables, load_steps}: ConnectorInput, report: Report): void {
	const all: readonly {name: string; path: Path}[] = [
		...variables.map(({name}, index) => ({name, path: ['variables', index, 'name']})),
		...additional_variables.map(({name}, index) => ({name, path: ['additional_variables', index, 'name']})),
		...load_steps.flatMap(({expose_as}, index) =>
			expose_as === undefined ? [] : [{name: expose_as, path: ['load_steps', index, 'expose_as']}],
		),
	];
	const seen = new Set<string>();
	for (const {name, path} of all) {
		if (name.startsWith('__')) {
			report.at(path, {
				code: 'workspace.bad_name',
				message: `"${name}" cannot be used: names that begin with "__" are Sluice's own`,
				expected: 'a name that does not begin with "__"',
			});
		}
		if (seen.has(name)) {
			report.at(path, {
				code: 'workspace.duplicate_name',
				message: `The name "${name}" is already taken`,
				expected: 'a name that no variable, additional variable or exposed id has',
			});
		}
		seen.add(name);
	}
}
