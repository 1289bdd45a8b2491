import type {FieldType} from '../../model/field-type.js';
import type {Comparison, Condition, Field, FilterGroup} from '../../model/object.js';
import type {ConditionInput, ObjectInput} from '../schema/object-schema.js';
import type {Report} from '../shape/report.js';
import type {Wrong} from '../yaml/problems.js';
import type {Path} from '../yaml/yaml-file.js';

type FilterGroupInput = ObjectInput['filter_groups'][number];
type Scalar = string | number | boolean;

const numeric: readonly FieldType[] = ['integer', 'decimal', 'money', 'rating'];
const dated: readonly FieldType[] = ['date', 'datetime'];
const unordered: readonly FieldType[] = ['checkbox', 'yes_no_maybe', 'relationship', 'uuid', 'checkboxes', 'dynamic_tags'];
const untextual: readonly FieldType[] = [...numeric, ...dated, 'checkbox', 'relationship', 'uuid'];
const ordering: readonly Comparison[] = ['>', '>=', '<', '<=', 'between'];
const lists: readonly Comparison[] = ['any_of', 'none_of'];

/** The filter groups of an object, every condition of which compares a field it has with a value that suits it (SPEC 2.1). */
export function buildFilterGroups(
	groups: readonly FilterGroupInput[],
	fields: readonly Field[],
	known: readonly string[],
	report: Report,
): readonly FilterGroup[] {
	const names = new Set<string>();
	return groups.map((group, index) => {
		const path: Path = ['filter_groups', index];
		if (names.has(group.api_name)) {
			report.at([...path, 'api_name'], {
				code: 'workspace.duplicate_name',
				message: `Another filter group is already named "${group.api_name}"`,
			});
		}
		names.add(group.api_name);
		const where = buildCondition(group.where, [...path, 'where'], {fields, known, report});
		return {apiName: group.api_name, name: group.name ?? group.api_name, where};
	});
}

/** What conditions are checked against: the fields that could be read, and the names of all that stand in the file. */
type Context = {readonly fields: readonly Field[]; readonly known: readonly string[]; readonly report: Report};

function buildCondition(condition: ConditionInput, path: Path, context: Context): Condition {
	const shapes = (['all', 'any', 'field'] as const).filter((key) => condition[key] !== undefined);
	if (shapes.length !== 1) {
		context.report.lack(path, ['all', 'any', 'field'], {
			code: shapes.length === 0 ? 'workspace.missing_key' : 'workspace.contradiction',
			message:
				shapes.length === 0
					? 'This condition compares nothing'
					: `A condition is one of ${shapes.map((key) => `"${key}"`).join(' or ')}, not both`,
			expected: 'field, is and value; or all; or any',
		});
	}
	for (const key of ['all', 'any'] as const) {
		const nested = condition[key];
		if (nested === undefined) continue;
		const built = nested.map((inner, index) => buildCondition(inner, [...path, key, index], context));
		return key === 'all' ? {all: built} : {any: built};
	}
	return buildComparison(condition, path, context);
}

function buildComparison({field = '', is, value}: ConditionInput, path: Path, {fields, known, report}: Context): Condition {
	const definition = fields.find(({apiName}) => apiName === field);
	if (field !== '' && !known.includes(field)) report.unknown([...path, 'field'], 'field', field, known);
	if (field !== '' && is === undefined) {
		report.lack(path, ['is'], {
			code: 'workspace.missing_key',
			message: `The condition on "${field}" does not say how it compares`,
			expected: 'is: =, is_blank, ...',
		});
	}
	const comparison = is ?? '=';
	const wrong = definition && is && wrongComparison(definition, is);
	if (wrong) report.at([...path, 'is'], wrong);
	const shape = is && field !== '' ? wrongShape(is, value) : null;
	if (shape) report.at(value === undefined ? path : [...path, 'value'], shape);
	else if (definition && !wrong) checkValues(definition, comparison, value, [...path, 'value'], report);
	if (comparison === 'is_blank') return {field, is: comparison, value: typeof value === 'boolean' ? value : null};
	return {field, is: comparison, value: plainValue(value, definition, [...path, 'value'], report)};
}

function wrongComparison({apiName, type}: Field, is: Comparison): Wrong | null {
	const refused = (ordering.includes(is) && unordered.includes(type)) || (is === 'starts_with' && untextual.includes(type));
	if (!refused && !(is === 'contains' && untextual.includes(type))) return null;
	return {
		code: 'workspace.incompatible',
		message: `"${is}" cannot compare "${apiName}", whose type is ${type}`,
		expected: ['=', '!=', ...(unordered.includes(type) ? [] : ordering), ...lists, 'is_blank'].join(', '),
	};
}

function wrongShape(is: Comparison, value: ConditionInput['value']): Wrong | null {
	const expected =
		is === 'between'
			? 'a list of two values'
			: lists.includes(is)
				? 'a list of values'
				: is === 'is_blank'
					? 'no value, true or false'
					: 'one value';
	if (value === undefined) {
		return is === 'is_blank' ? null : {code: 'workspace.missing_key', message: `"${is}" needs a value to compare with`, expected};
	}
	const fits =
		is === 'between'
			? Array.isArray(value) && value.length === 2
			: lists.includes(is)
				? Array.isArray(value)
				: is === 'is_blank'
					? typeof value === 'boolean'
					: !Array.isArray(value);
	return fits ? null : {code: 'workspace.wrong_type', message: `"${is}" takes ${expected}`, expected};
}

function checkValues(field: Field, is: Comparison, value: ConditionInput['value'], path: Path, report: Report): void {
	if (is === 'is_blank' || value === undefined) return;
	const items: readonly Scalar[] = Array.isArray(value) ? value : [value as Scalar];
	for (const [index, item] of items.entries()) {
		const place = Array.isArray(value) ? [...path, index] : path;
		const expected = expectedValue(field.type, report.text(place, item));
		if (expected === null) continue;
		report.at(place, {
			code: 'workspace.incompatible',
			message: `"${report.text(place, item)}" cannot be compared with "${field.apiName}", whose type is ${field.type}`,
			expected,
		});
	}
}

/** What a value of the type looks like, where `text` does not; null where it does. */
function expectedValue(type: FieldType, text: string): string | null {
	if (numeric.includes(type)) return /^[+-]?\d+(\.\d+)?$/.test(text) ? null : 'a number';
	if (type === 'checkbox') return /^(true|false)$/.test(text) ? null : 'true or false';
	if (dated.includes(type)) return /^\d{4}-\d{2}-\d{2}([T ].*)?$/.test(text) ? null : 'a date as YYYY-MM-DD';
	return null;
}

/** The value in the shape of the model: text and decimals as they were typed. */
function plainValue(
	value: ConditionInput['value'],
	field: Field | undefined,
	path: Path,
	report: Report,
): Scalar | readonly Scalar[] | null {
	if (value === undefined) return null;
	if (Array.isArray(value)) return value.map((item, index) => plainScalar(item, field, [...path, index], report));
	return plainScalar(value as Scalar, field, path, report);
}

function plainScalar(value: Scalar, field: Field | undefined, path: Path, report: Report): Scalar {
	if (field?.type === 'checkbox') return String(value) === 'true';
	if (field && numeric.includes(field.type) && Number.isSafeInteger(value)) return value;
	return report.text(path, value);
}
