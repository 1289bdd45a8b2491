import type {Connector} from '../../source/model/connector.js';
import type {LoadStep, MappingRule, MatchingRule} from '../../source/model/load-step.js';
import type {Field, ObjectDefinition} from '../../source/model/object.js';
import {defaultReadOptions} from '../../source/model/read-options.js';
import type {Variable} from '../../source/model/variable.js';

/* Short ways to write the checked configuration that the engine is handed. */

export function field(apiName: string, type: Field['type'], more: Partial<Field> = {}): Field {
	const base = {name: apiName, identifier: false, required: false, unique: false, options: [], object: null};
	const multiple = type === 'checkboxes' || type === 'dynamic_tags';
	return {...base, multiple, ...more, apiName, type};
}

export function object(apiName: string, ...fields: Field[]): ObjectDefinition {
	return {apiName, name: apiName, fields, filterGroups: []};
}

export function variable(name: string, type: Variable['type'] = 'string', more: Partial<Variable> = {}): Variable {
	const base = {scope: 'input', from: {column: name}, array: false, delimiter: ';', required: false} as const;
	return {...base, inputFormat: null, outputFormat: null, decimalComma: false, ...more, name, type};
}

export function match(fieldName: string, variableName: string = fieldName, more: Partial<MatchingRule> = {}): MatchingRule {
	return {
		field: fieldName,
		variable: variableName,
		noMatch: 'create_new',
		singleMatch: 'update_current',
		multipleMatch: 'do_not_upload',
		archivedMatch: 'unarchive_and_update',
		...more,
	};
}

export function map(fieldName: string, conflict: MappingRule['conflict'] = 'overwrite', more: Partial<MappingRule> = {}): MappingRule {
	return {field: fieldName, variables: [fieldName], join: ' ', createOptions: false, ...more, conflict};
}

export function step(objectName: string, matching: MatchingRule[], mapping: MappingRule[], more: Partial<LoadStep> = {}): LoadStep {
	const automations = {onCreate: [], onUpdate: [], suppressTriggers: false};
	return {name: objectName, object: objectName, scope: 'input', exposeAs: null, automations, ...more, matching, mapping};
}

export function connector(variables: Variable[], loadSteps: LoadStep[], chunkSize = 5000): Connector {
	return {
		apiName: 'c',
		name: 'c',
		description: null,
		operation: 'import',
		type: 'spreadsheet',
		object: loadSteps[0]?.object ?? null,
		sampleFile: null,
		read: defaultReadOptions,
		sql: null,
		sqlParameters: {},
		secrets: [],
		referenceData: [],
		variables,
		additionalVariables: [],
		diffCheck: false,
		loadSteps,
		settings: {
			maxConcurrentExecutions: 1,
			chunkSize,
			notificationEmails: [],
			notifyOn: 'all',
			notifyStarter: true,
			executionEndedWebhook: null,
			stopAfter: null,
			keepExecutionsDays: 90,
		},
		schedule: null,
		source: null,
		webhook: null,
		export: null,
		engine: null,
	};
}
