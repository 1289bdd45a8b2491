import type {Connector} from '../../model/connector.js';
import type {LoadStep} from '../../model/load-step.js';
import type {VariableType} from '../../model/variable.js';

/** A value of a row that a step needs, and where the kept tables have it (docs/decisions/0001-kept-tables.md). */
export type StepColumn = {
	readonly name: string;
	readonly type: VariableType;
	readonly array: boolean;
	readonly outputFormat: string | null;
	/** The earlier step whose record id it is, from 1; null for a column of `variables:<scope>`. */
	readonly exposedBy: number | null;
};

/** The step with this number, from 1. */
export function stepOf(connector: Pick<Connector, 'loadSteps'>, step: number): LoadStep {
	const found = connector.loadSteps[step - 1];
	if (!found) throw new Error(`The connector has no load step ${step}`);
	return found;
}

/** The variables a step's matching and mapping name, each once: what its SELECT brings after `__row` and `__warnings`, in this order. */
export function stepColumns(connector: Connector, step: number): readonly StepColumn[] {
	const {matching, mapping} = stepOf(connector, step);
	const names = new Set([...matching.map(({variable}) => variable), ...mapping.flatMap(({variables}) => variables)]);
	return [...names].map((name) => columnOf(connector, step, name));
}

function columnOf(connector: Connector, step: number, name: string): StepColumn {
	const {scope} = stepOf(connector, step);
	const exposer = connector.loadSteps.findIndex(
		(earlier, index) => index < step - 1 && earlier.exposeAs === name && earlier.scope === scope,
	);
	if (exposer >= 0) return {name, type: 'uuid', array: false, outputFormat: null, exposedBy: exposer + 1};
	const variable = connector.variables.find((candidate) => candidate.name === name && candidate.scope === scope);
	if (variable) return {name, type: variable.type, array: variable.array, outputFormat: variable.outputFormat, exposedBy: null};
	const additional = connector.additionalVariables.find((candidate) => candidate.name === name);
	if (additional) return {name, type: additional.type, array: false, outputFormat: additional.outputFormat, exposedBy: null};
	throw new Error(`Step ${step} uses "${name}", which scope ${scope} does not have`);
}
