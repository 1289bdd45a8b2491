import {defaultReadOptions, type ReadOptions} from '../../model/read-options.js';
import {encodingNames, encodingOf} from '../../model/text-encodings.js';
import type {ConnectorInput} from '../schema/connector-schema.js';
import type {Report} from '../shape/report.js';
import {unknownName} from '../yaml/problems.js';

/** How the input file is read (SPEC 4). */
export function buildRead({read}: ConnectorInput, report: Report): ReadOptions {
	if (read === undefined) return defaultReadOptions;
	const repeated = read.columns?.findIndex((name, index, all) => all.indexOf(name) < index) ?? -1;
	if (repeated >= 0) {
		report.at(['read', 'columns', repeated], {
			code: 'workspace.contradiction',
			message: `"${read.columns?.[repeated]}" is named twice`,
			expected: 'a name of its own for each column',
		});
	}
	if (read.encoding !== undefined && encodingOf(read.encoding) === null) {
		report.at(['read', 'encoding'], unknownName(`"${read.encoding}" is no encoding that can be read`, read.encoding, encodingNames));
	}
	return {
		encoding: read.encoding ?? null,
		delimiter: read.delimiter === 'tab' ? '\t' : (read.delimiter ?? null),
		headerRow: read.header_row ?? null,
		columns: read.columns ?? null,
		skipLast: read.skip_last,
		sheet: read.sheet ?? null,
		hidden: read.hidden,
	};
}
