import type {FieldType} from '../../model/field-type.js';
import type {LoadStep} from '../../model/load-step.js';
import type {Field, ObjectDefinition} from '../../model/object.js';
import type {VariableType} from '../../model/variable.js';
import type {CellKind} from '../workbook/cell-sql.js';

/** How a field's kept text is read back: `integer` and `boolean` and `list` have JSON forms of their own, the rest is text. */
export type ValueShape = 'integer' | 'boolean' | 'list' | 'text';

export function shapeOf({type, multiple}: Pick<Field, 'type' | 'multiple'>): ValueShape {
	if (multiple) return 'list';
	if (type === 'integer') return 'integer';
	return type === 'checkbox' ? 'boolean' : 'text';
}

export function fieldCell(type: FieldType): CellKind {
	switch (type) {
		case 'integer':
		case 'decimal':
		case 'money':
		case 'rating':
			return 'number';
		case 'checkbox':
			return 'boolean';
		case 'date':
			return 'date';
		case 'datetime':
			return 'datetime';
		default:
			return 'text';
	}
}

export function variableCell(type: VariableType): CellKind {
	switch (type) {
		case 'number':
		case 'boolean':
		case 'date':
		case 'datetime':
			return type;
		default:
			return 'text';
	}
}

/** The step and object that a table `load:<n>` is about; undefined where the connector has no such step. */
export function stepOfTable(
	table: string,
	{connector, objects}: {connector: {readonly loadSteps: readonly LoadStep[]}; objects: readonly ObjectDefinition[]},
): {number: number; step: LoadStep; object: ObjectDefinition | undefined} | undefined {
	const number = Number(/^load:(\d+)$/.exec(table)?.[1] ?? 0);
	const step = connector.loadSteps[number - 1];
	if (step === undefined) return undefined;
	return {number, step, object: objects.find(({apiName}) => apiName === step.object)};
}

/** A field that the object no longer has is shown as text. */
export function fieldNamed(object: ObjectDefinition | undefined, name: string): Pick<Field, 'apiName' | 'type' | 'multiple'> {
	return object?.fields.find(({apiName}) => apiName === name) ?? {apiName: name, type: 'text', multiple: false};
}
