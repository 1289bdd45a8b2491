import {createHash} from 'node:crypto';
import {createRequire} from 'node:module';
import type {Connector} from '../../model/connector.js';
import type {ObjectDefinition} from '../../model/object.js';

/** The version of the SQL engine that is installed, without loading it. */
export function engineVersion(): string {
	const {version} = createRequire(import.meta.url)('chdb/package.json') as {version: string};
	return `chdb ${version}`;
}

/** The SQL of a connector, or of an export; null where there is none. */
export function sqlOf({sql, export: target}: Pick<Connector, 'sql' | 'export'>): Connector['sql'] {
	return target && 'sql' in target.from ? {text: target.from.sql, file: target.from.file} : sql;
}

/** What stands for a SQL text: an active connector whose text has another one is deactivated (SPEC 5.6). Null where SQL is off. */
export function sqlHash(connector: Pick<Connector, 'sql' | 'export'>): string | null {
	const sql = sqlOf(connector);
	return sql && createHash('sha256').update(sql.text).digest('hex');
}

/**
 * What a validation depends on: exactly this SQL text and engine, and what else it reads or is held against: the sample, the
 * parameters, the reference data, and the columns that variables name.
 *
 * @param sampleMark equal exactly if the sample file is
 * @param secretMarks the same of the secrets that SQL may use
 */
export function validationFingerprint(
	connector: Connector,
	objects: readonly ObjectDefinition[],
	engine: string,
	sampleMark: string,
	secretMarks: readonly (string | null)[] = [],
): string {
	const referenced = new Set(connector.referenceData.map(({object}) => object));
	const parts = [
		sqlHash(connector),
		engine,
		sampleMark,
		connector.read,
		connector.sqlParameters,
		connector.secrets,
		connector.referenceData,
		connector.variables,
		connector.additionalVariables,
		connector.loadSteps.map(({scope}) => scope),
		connector.engine,
		objects.filter(({apiName}) => referenced.has(apiName)),
		...secretMarks,
		...(sqlOf(connector) ? [] : ['the whole sample']),
	];
	return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
