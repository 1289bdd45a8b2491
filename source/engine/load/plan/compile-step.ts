import type {Connector} from '../../../model/connector.js';
import type {ConflictMode, LoadStep, MatchingRule} from '../../../model/load-step.js';
import {type Field, hasOptions, identifierOf, type ObjectDefinition} from '../../../model/object.js';
import type {Locale} from '../../protocol.js';
import {formatOutput} from '../../variables/output-format.js';
import {Zone} from '../../variables/zone.js';
import {type StepColumn, stepColumns, stepOf} from '../step-columns.js';
import {type Convert, converterOf} from './values/convert.js';

/** The position of a record's own id, where a position in the layout is meant. */
export const idPosition = -1;

/** A variable as one mapping or rule reads it. `column` counts from 0 within the step's columns. */
export type ValueSource = {
	readonly column: number;
	readonly array: boolean;
	/** How it reads in a text field; null: as it is. */
	readonly form: ((canonical: string) => string) | null;
	readonly convert: Convert;
};

export type MappedField = {
	readonly field: Field;
	readonly sources: readonly ValueSource[];
	/** How joined texts become a value; several sources are read as text. */
	readonly convert: Convert;
	readonly join: string;
	readonly conflict: ConflictMode;
	readonly createOptions: boolean;
	readonly hasOptions: boolean;
	readonly related: Related | null;
};

export type Related = {readonly object: string; readonly identifier: Field; readonly convert: Convert; readonly self: boolean};

export type CompiledRule = MatchingRule & {
	/** In the layout, or `idPosition`. */
	readonly position: number;
	readonly source: ValueSource;
	readonly related: Related | null;
};

/** A load step made ready: names resolved, converters chosen. */
export type CompiledStep = {
	readonly number: number;
	readonly step: LoadStep;
	readonly object: ObjectDefinition;
	readonly columns: readonly StepColumn[];
	readonly rules: readonly CompiledRule[];
	readonly mapped: readonly MappedField[];
	/** The fields of a record that planning looks at: the mapped ones first, in the order of `mapped`. */
	readonly layout: readonly Field[];
	readonly identifier: number;
	/** Positions whose value no two records may share; the identifier is one of them. */
	readonly uniques: readonly number[];
	/** Positions by whose values records are found. */
	readonly indexed: readonly number[];
	/** Positions that must not be blank on create, the identifier first. Fields that are required and not mapped at all: `missing`. */
	readonly required: readonly number[];
	readonly missing: readonly Field[];
	/** Whether a mapped field relates to the object itself. */
	readonly selfRelated: boolean;
};

/** @param number the step's number, from 1 */
export function compileStep(connector: Connector, objects: readonly ObjectDefinition[], number: number, locale: Locale): CompiledStep {
	const step = stepOf(connector, number);
	const object = objectNamed(objects, step.object);
	const columns = stepColumns(connector, number);
	const relatedOf = (field: Pick<Field, 'type' | 'object'>) =>
		field.type === 'relationship' ? relatedBy(field, object, objects, locale) : null;
	const zone = new Zone(locale.timezone);
	const sourceOf = (name: string, field: Pick<Field, 'type'>): ValueSource => {
		const column = columns.findIndex((candidate) => candidate.name === name);
		const {type, array, outputFormat} = columns[column] as StepColumn;
		const formatted = outputFormat !== null && (field.type === 'text' || field.type === 'longtext');
		const form = formatted ? (canonical: string) => formatOutput({type, array: false, outputFormat}, canonical, zone) : null;
		return {column, array, form, convert: converterOf(type, field, locale)};
	};
	const mapped = step.mapping.map(({field: name, variables, join, conflict, createOptions}): MappedField => {
		const field = fieldNamed(object, name);
		const sources = variables.map((variable) => sourceOf(variable, field));
		const [only] = sources;
		const convert = sources.length === 1 && only ? only.convert : converterOf('string', field, locale);
		return {field, sources, convert, join, conflict, createOptions, hasOptions: hasOptions(field), related: relatedOf(field)};
	});
	const layout = layoutOf(object, step);
	const positionOf = (name: string) => (name === 'id' ? idPosition : layout.findIndex(({apiName}) => apiName === name));
	const rules = step.matching.map((rule): CompiledRule => {
		const field = rule.field === 'id' ? {type: 'uuid' as const, object: null} : fieldNamed(object, rule.field);
		return {...rule, position: positionOf(rule.field), source: sourceOf(rule.variable, field), related: relatedOf(field)};
	});
	const identifier = positionOf(identifierOf(object).apiName);
	const uniques = layout.flatMap((field, position) => (field.unique || field.identifier ? [position] : []));
	const isMapped = (field: Field) => mapped.some((candidate) => candidate.field.apiName === field.apiName);
	const needed = object.fields.filter(({required, identifier: identifies}) => required && !identifies);
	return {
		number,
		step,
		object,
		columns,
		rules,
		mapped,
		layout,
		identifier,
		uniques,
		indexed: [...new Set([...uniques, ...rules.map(({position}) => position).filter((position) => position !== idPosition)])],
		required: [identifier, ...needed.filter(isMapped).map(({apiName}) => positionOf(apiName))],
		missing: needed.filter((field) => !isMapped(field)),
		selfRelated: mapped.some(({related}) => related?.self),
	};
}

/** Mapped fields, then those matched by, then unique ones. */
function layoutOf(object: ObjectDefinition, {mapping, matching}: LoadStep): readonly Field[] {
	const names = new Set([
		...mapping.map(({field}) => field),
		...matching.map(({field}) => field).filter((field) => field !== 'id'),
		...object.fields.filter(({unique, identifier}) => unique || identifier).map(({apiName}) => apiName),
	]);
	return [...names].map((name) => fieldNamed(object, name));
}

function relatedBy(field: Pick<Field, 'object'>, from: ObjectDefinition, objects: readonly ObjectDefinition[], locale: Locale): Related {
	const object = objectNamed(objects, field.object ?? '');
	const identifier = identifierOf(object);
	return {object: object.apiName, identifier, convert: converterOf('string', identifier, locale), self: object.apiName === from.apiName};
}

function objectNamed(objects: readonly ObjectDefinition[], name: string): ObjectDefinition {
	const found = objects.find(({apiName}) => apiName === name);
	if (!found) throw new Error(`No object ${name}`);
	return found;
}

function fieldNamed(object: ObjectDefinition, name: string): Field {
	const found = object.fields.find(({apiName}) => apiName === name);
	if (!found) throw new Error(`Object ${object.apiName} has no field ${name}`);
	return found;
}
