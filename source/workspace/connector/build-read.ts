import {cleanHeader} from '../../model/clean-name.js';
import {defaultReadOptions, type ReadOptions} from '../../model/read-options.js';
import {encodingNames, encodingOf} from '../../model/text-encodings.js';
import type {ConnectorInput} from '../schema/connector-schema.js';
import type {Report} from '../shape/report.js';
import {unknownName} from '../yaml/problems.js';

/** How the input file is read (SPEC 4). */
export function buildRead({read}: ConnectorInput, report: Report): ReadOptions {
	if (read === undefined) return defaultReadOptions;
	checkColumns(read.columns ?? [], report);
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

/** Columns whose names clean to one could only be told apart by their place. */
function checkColumns(columns: readonly string[], report: Report): void {
	const cleaned = columns.map(cleanHeader);
	const repeated = cleaned.findIndex((name, index) => cleaned.indexOf(name) < index);
	if (repeated < 0) return;
	const [name = '', first = ''] = [columns[repeated], columns[cleaned.indexOf(cleaned[repeated] ?? '')]];
	report.at(['read', 'columns', repeated], {
		code: 'workspace.contradiction',
		message: name === first ? `"${name}" is named twice` : `"${first}" and "${name}" are both the column ${cleaned[repeated]}`,
		expected: 'a name of its own for each column',
	});
}
