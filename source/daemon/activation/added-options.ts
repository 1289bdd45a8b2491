import type {Problem} from '../../model/problem.js';
import {readAddedOptions} from '../../store/sqlite/read-added-options.js';
import type {Workspace} from '../../workspace/read-workspace.js';

/** Options that a message names; the others are counted. */
const mostNamed = 10;

/** Mentions the options that runs added and that the files do not list (SPEC 2.1): the program never writes those files. */
export function addedOptions({
	objects,
	settings,
	fieldPlaces,
}: Pick<Workspace, 'objects' | 'settings' | 'fieldPlaces'>): readonly Problem[] {
	return readAddedOptions(settings.storeFile, objects).map(({object, field, options}) => {
		const named = options.slice(0, mostNamed).map((option) => `"${option}"`);
		if (options.length > mostNamed) named.push(`${options.length - mostNamed} more`);
		const place = fieldPlaces.get(`${object}.${field}`) ?? {file: `objects/${object}.yaml`, line: 1, column: 1};
		return {
			...place,
			code: 'workspace.added_options',
			message: `Runs added ${options.length === 1 ? 'an option' : `${options.length} options`} to ${object}.${field} that this file does not list: ${named.join(', ')}`,
			expected: 'nothing: they are kept with the records; list them here to have them in the file',
			severity: 'hint',
		};
	});
}
