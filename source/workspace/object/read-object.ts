import type {ObjectDefinition} from '../../model/object.js';
import type {Place, Problem} from '../../model/problem.js';
import {objectSchema} from '../schema/object-schema.js';
import {namesIn} from '../shape/names-in.js';
import {reportOn} from '../shape/report.js';
import {shape} from '../shape/shape.js';
import type {Problems} from '../yaml/problems.js';
import {buildFields, checkFields} from './check-fields.js';
import {buildFilterGroups} from './check-filter-groups.js';

/** An object's file as far as it could be read, so that what refers to it can be checked in the same go. */
export type ObjectEntry = {
	readonly apiName: string;
	/** Null where nothing of the file can be used. With problems it holds what is sound. */
	readonly draft: ObjectDefinition | null;
	/** The names of all fields and filter groups in the file, of those with problems too. */
	readonly fieldNames: readonly string[];
	readonly filterGroupNames: readonly string[];
	/** Where each field of the file stands, by its name. */
	readonly fieldPlaces: ReadonlyMap<string, Place>;
	readonly problems: readonly Problem[];
};

/**
 * Reads an object (SPEC 2.1).
 *
 * @param objects the names of all objects there is a file for
 */
export function readObject(apiName: string, problems: Problems, objects: readonly string[]): ObjectEntry {
	const {root} = problems.yaml;
	const fieldNames = namesIn(root, 'fields', 'api_name');
	const filterGroupNames = namesIn(root, 'filter_groups', 'api_name');
	const places = fieldPlaces(problems);
	const shaped = shape(objectSchema, problems);
	if (shaped === null) return {apiName, draft: null, fieldNames, filterGroupNames, fieldPlaces: places, problems: problems.all};
	const report = reportOn(problems, shaped);
	const {value} = shaped;
	checkFields(value.fields, report, objects, shaped.whole);
	const fields = buildFields(value.fields, report);
	const filterGroups = buildFilterGroups(value.filter_groups, fields, fieldNames, report);
	const draft = {apiName, name: value.name ?? apiName, fields, filterGroups};
	return {apiName, draft, fieldNames, filterGroupNames, fieldPlaces: places, problems: problems.all};
}

function fieldPlaces({file, yaml}: Problems): ReadonlyMap<string, Place> {
	const {fields} = (yaml.root ?? {}) as {readonly fields?: unknown};
	if (!Array.isArray(fields)) return new Map();
	return new Map(fields.map((field: unknown, at) => [nameOf(field), {file, ...yaml.place(['fields', at])}]));
}

function nameOf(field: unknown): string {
	return typeof field === 'object' && field !== null && 'api_name' in field ? String(field.api_name) : '';
}
