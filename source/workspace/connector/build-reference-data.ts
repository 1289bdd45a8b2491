import type {ReferenceData} from '../../model/connector.js';
import type {ObjectMentions} from '../references.js';
import type {ConnectorInput} from '../schema/connector-schema.js';
import type {Report} from '../shape/report.js';
import type {Path} from '../yaml/yaml-file.js';

/** The existing records that SQL can read: object, fields and filter group must exist, and each object is named once. */
export function buildReferenceData(
	inputs: ConnectorInput['reference_data'],
	mentions: ObjectMentions,
	report: Report,
): readonly ReferenceData[] {
	const seen = new Set<string>();
	return inputs.map((input, index) => {
		const path: Path = ['reference_data', index];
		if (seen.has(input.object)) {
			report.at([...path, 'object'], {
				code: 'workspace.duplicate_name',
				message: `"${input.object}" is reference data already`,
				expected: 'one entry an object, with all its fields',
			});
		}
		seen.add(input.object);
		checkSelection(input, path, mentions, report);
		return {object: input.object, fields: input.fields, filterGroup: input.filter_group ?? null};
	});
}

/** An object with some of its fields and one of its filter groups, as reference data and exports name them. */
export function checkSelection(
	{object, fields, filter_group}: {object: string; fields: readonly string[]; filter_group?: string | undefined},
	path: Path,
	mentions: ObjectMentions,
	report: Report,
): void {
	const entry = mentions.find(object, [...path, 'object']);
	if (!entry) return;
	const seen = new Set<string>();
	for (const [index, field] of fields.entries()) {
		const place = [...path, 'fields', index];
		if (!entry.fieldNames.includes(field)) report.unknown(place, `field of ${object}`, field, entry.fieldNames);
		else if (seen.has(field)) report.at(place, {code: 'workspace.duplicate_name', message: `"${field}" stands here twice`});
		seen.add(field);
	}
	if (filter_group !== undefined && !entry.filterGroupNames.includes(filter_group)) {
		report.unknown([...path, 'filter_group'], `filter group of ${object}`, filter_group, entry.filterGroupNames);
	}
}
