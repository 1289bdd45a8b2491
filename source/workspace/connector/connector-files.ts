import {join, posix, resolve} from 'node:path';
import type {Connector} from '../../model/connector.js';
import type {Exposure} from '../exposure.js';
import {isFile, readText} from '../files.js';
import type {ReferenceIndex} from '../references.js';
import type {ConnectorInput} from '../schema/connector-schema.js';
import type {Report} from '../shape/report.js';
import type {SqlForScopes} from './scopes.js';
import {csvPagesOfZip} from './zip-pages.js';

/** The files beside a `connector.yaml` that it names. */
export type ConnectorFiles = {
	/** Null where SQL is off, or where there is none to be read. */
	readonly sql: Connector['sql'];
	readonly sqlForScopes: SqlForScopes;
	/** The `.sql` file that `export.sql` names; null where it names none. */
	readonly exportSql: Connector['sql'];
	/** Absolute; null where none is named. */
	readonly sampleFile: string | null;
	readonly sampleExists: boolean;
};

/**
 * Reads the SQL and looks for the sample. A file that is named and absent is a problem; a sample's, one that
 * does not keep the connector from a dry run on another file.
 */
export async function readConnectorFiles(
	{dir, exposure}: Pick<ReferenceIndex, 'dir' | 'exposure'>,
	apiName: string,
	value: ConnectorInput,
	report: Report,
): Promise<ConnectorFiles> {
	const folder = join(dir, 'connectors', apiName);
	const sampleFile = value.sample_file === undefined ? null : resolve(folder, value.sample_file);
	const sampleExists = sampleFile !== null && (await isFile(sampleFile));
	if (sampleFile !== null && !sampleExists) missing(['sample_file'], value.sample_file ?? '', report);
	const open = sampleExists ? await exposure(sampleFile) : null;
	if (open) report.at(['sample_file'], open);
	const isExport = value.operation === 'export';
	const sql = isExport || value.sql === undefined ? null : await readSql({folder, exposure}, apiName, value.sql, ['sql'], report);
	if (sampleExists && !open && value.sql === undefined && value.type === 'spreadsheet') await checkOnePage(sampleFile, report);
	const named = value.export?.sql;
	const exported =
		isExport && named !== undefined && /^\S+\.sql$/i.test(named)
			? await readSql({folder, exposure}, apiName, named, ['export', 'sql'], report)
			: null;
	return {sql, sqlForScopes: sqlForScopes(value, sql, report), exportSql: exported, sampleFile, sampleExists};
}

/** Without SQL there is one page (SPEC 4); whether a workbook has more, only reading it shows. */
async function checkOnePage(sampleFile: string, report: Report): Promise<void> {
	const pages = /\.zip$/i.test(sampleFile) ? await csvPagesOfZip(sampleFile) : null;
	if (!pages || pages.length < 2) return;
	report.at(['sample_file'], {
		code: 'workspace.sql_required',
		message: `This sample has ${pages.length} pages, and only one page can do without SQL`,
		expected: 'sql: transform.sql, or a sample of one page',
	});
}

async function readSql(
	{folder, exposure}: {readonly folder: string; readonly exposure: Exposure},
	apiName: string,
	name: string,
	path: readonly string[],
	report: Report,
): Promise<Connector['sql']> {
	const open = await exposure(resolve(folder, name));
	if (open) {
		report.at(path, open);
		return null;
	}
	const read = await readText(resolve(folder, name));
	if (typeof read === 'object') return {text: read.text, file: posix.join('connectors', apiName, name)};
	missing(path, name, report);
	return null;
}

function missing(path: readonly string[], name: string, report: Report): void {
	report.at(path, {
		code: 'workspace.file_missing',
		message: `The file "${name}" is not there, or cannot be read`,
		expected: 'the name of a file in the folder of this connector',
	});
}

/** SQL may be off for a spreadsheet alone (SPEC 4); that it has one page only, its sample shows. */
function sqlForScopes({sql: name, type, operation}: ConnectorInput, sql: Connector['sql'], report: Report): SqlForScopes {
	if (sql) return sql;
	if (name !== undefined || operation === 'export' || type === undefined) return 'unknown';
	if (type === 'spreadsheet') return 'off';
	report.at(['type'], {
		code: 'workspace.sql_required',
		message: `A connector of type ${type} needs SQL, and none is named`,
		expected: 'sql: transform.sql',
	});
	return 'unknown';
}
