import {homedir} from 'node:os';
import {join, resolve, sep} from 'node:path';
import type {Connector, ExportTarget} from '../../model/connector.js';
import {type CsvFormat, defaultCsvFormat, isUnicode, writableEncodingOf} from '../../model/csv-format.js';
import {exportPlaceholders, unknownPlaceholders} from '../../model/export-path.js';
import {encodingNames} from '../../model/text-encodings.js';
import type {ObjectMentions} from '../references.js';
import type {ConnectorInput} from '../schema/connector-schema.js';
import type {ExportInput} from '../schema/source-schema.js';
import type {Report} from '../shape/report.js';
import {unknownName} from '../yaml/problems.js';
import type {Path} from '../yaml/yaml-file.js';
import {checkSelection} from './build-reference-data.js';
import {checkLocalPath} from './check-local-path.js';

const path: Path = ['export'];
/** What only an import has (SPEC 11). */
const importKeys = [
	'type',
	'sample_file',
	'sql',
	'variables',
	'additional_variables',
	'load_steps',
	'source',
	'webhook',
	'diff_check',
] as const satisfies readonly (keyof ConnectorInput)[];

/** Keys of the other operation are told, rather than ignored. `root` is the file as it was written. */
export function checkOperation({operation}: Pick<ConnectorInput, 'operation'>, root: unknown, report: Report): void {
	const written: readonly string[] = typeof root === 'object' && root !== null ? Object.keys(root) : [];
	const strange: readonly string[] = operation === 'export' ? importKeys : ['export'];
	for (const key of strange.filter((name) => written.includes(name))) {
		report.atKey([key], {
			code: 'workspace.contradiction',
			message: operation === 'export' ? `An export has no "${key}"` : '"export" says nothing without "operation: export"',
			expected:
				operation === 'export' ? 'name, description, operation, export, schedule, settings, reference_data, secrets' : 'operation: export',
		});
	}
}

/**
 * What an export writes (SPEC 11). A relative path is taken from the workspace's folder.
 *
 * @param sqlFile the `.sql` file that `export.sql` names; null where the query stands in the file itself
 */
export function buildExport(
	input: ExportInput | undefined,
	surroundings: {dir: string; apiName: string; sqlFile: Connector['sql']; mentions: ObjectMentions; report: Report},
): ExportTarget | null {
	const {dir, apiName, sqlFile, mentions, report} = surroundings;
	if (input === undefined) {
		report.lack([], ['export'], {
			code: 'workspace.missing_key',
			message: '"export" is missing',
			expected: 'export: {object: ..., format: csv, to: ...}',
		});
		return null;
	}
	const {object, sql, fields, filter_group} = input;
	if ((object === undefined) === (sql === undefined)) {
		report.lack(path, ['object', 'sql'], {
			code: object === undefined ? 'workspace.missing_key' : 'workspace.contradiction',
			message: object === undefined ? 'This export does not say what it writes' : 'This export has both an object and SQL',
			expected: 'one of object or sql',
		});
	}
	for (const key of ['fields', 'filter_group'] as const) {
		if (object !== undefined || input[key] === undefined) continue;
		report.atKey([...path, key], {code: 'workspace.contradiction', message: `"${key}" says nothing without "object"`, expected: 'object'});
	}
	const to = placeOf(input.to, dir, report);
	const written = {format: input.format, to, csv: csvOf(input, report)};
	if (object === undefined) {
		const inline = {text: sql ?? '', file: `connectors/${apiName}/connector.yaml`};
		const {text, file} = sqlFile ?? inline;
		return {from: {sql: text, file}, ...written};
	}
	checkSelection({object, fields: fields ?? [], filter_group}, path, mentions, report);
	const all = mentions.world.objects.get(object)?.fieldNames ?? [];
	return {from: {object, filterGroup: filter_group ?? null, fields: fields && fields.length > 0 ? fields : all}, ...written};
}

/** How the text of a CSV is written. */
function csvOf({format, csv}: ExportInput, report: Report): CsvFormat {
	if (csv === undefined) return defaultCsvFormat;
	if (format !== 'csv') {
		report.atKey([...path, 'csv'], {
			code: 'workspace.contradiction',
			message: `"csv" says nothing about a file of the format ${format}`,
			expected: 'format: csv',
		});
	}
	const encoding = writableEncodingOf(csv.encoding);
	if (encoding === null) {
		report.at(
			[...path, 'csv', 'encoding'],
			unknownName(
				`"${csv.encoding}" is no encoding that can be written`,
				csv.encoding,
				encodingNames.filter((name) => writableEncodingOf(name) !== null),
			),
		);
	} else if (csv.bom && !isUnicode(encoding)) {
		report.at([...path, 'csv', 'bom'], {
			code: 'workspace.contradiction',
			message: `There is no byte order mark in ${encoding}`,
			expected: 'bom: false, or encoding: utf-8',
		});
	}
	return {
		delimiter: csv.delimiter === 'tab' ? '\t' : csv.delimiter,
		bom: csv.bom ?? encoding?.startsWith('utf-16') ?? false,
		decimal: csv.decimal,
		lineEnd: csv.line_end,
		encoding: encoding ?? 'utf-8',
	};
}

/** Where the file goes, absolute, with its placeholders; `~` is the home of whoever runs the daemon. */
function placeOf(to: string, dir: string, report: Report): string {
	for (const word of unknownPlaceholders(to)) {
		report.at([...path, 'to'], {
			code: 'workspace.unknown_name',
			message: `"{${word}}" is not known here`,
			expected: exportPlaceholders.map((name) => `{${name}}`).join(', '),
		});
	}
	checkLocalPath(to, [...path, 'to'], report);
	const full = /^~(\/|$)/.test(to) ? join(homedir(), to.slice(1)) : resolve(dir, to);
	const state = join(dir, '.sluice');
	if (/\/$/.test(to) || full === dir) {
		report.at([...path, 'to'], {
			code: 'workspace.wrong_value',
			message: `"${to}" is a folder`,
			expected: 'the path of a file, such as out/{date}.csv',
		});
	}
	if (full === state || full.startsWith(`${state}${sep}`)) {
		report.at([...path, 'to'], {
			code: 'workspace.wrong_value',
			message: 'An export cannot write into the state of the workspace',
			expected: 'a path outside .sluice',
		});
	}
	return full;
}
