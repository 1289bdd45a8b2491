import {nearest} from '../../model/nearest.js';
import type {Report} from '../shape/report.js';
import type {Path} from '../yaml/yaml-file.js';
import {isErrorTable, mentions, outputTables} from './output-tables.js';

/** The scope of the one page where SQL is off (SPEC 5.5). */
export const pageScope = 'input';

/** The SQL of a connector as scopes see it: its text, `off`, or `unknown` where there should be some and it cannot be read. */
export type SqlForScopes = {readonly text: string} | 'off' | 'unknown';

/** Which scope a variable or load step belongs to: the one it names, or the only one there is. */
export class Scopes {
	readonly #sql: SqlForScopes;
	readonly #candidates: readonly string[];
	readonly #report: Report;

	/** @param named the scopes that stand anywhere in the file */
	constructor(sql: SqlForScopes, named: readonly string[], report: Report) {
		this.#sql = sql;
		this.#report = report;
		const found = typeof sql === 'object' ? outputTables(sql.text) : [];
		this.#candidates = sql === 'off' ? [pageScope] : [...new Set([...found, ...named.filter((name) => !isErrorTable(name))])];
	}

	/** @param path of the variable or step, whose `scope` it is */
	resolve(given: string | undefined, path: Path): string {
		if (given !== undefined) {
			this.#check(given, [...path, 'scope']);
			return given;
		}
		const [only, ...others] = this.#candidates;
		if (only !== undefined && others.length === 0) return only;
		if (this.#sql !== 'unknown') {
			this.#report.at(path, {
				code: 'workspace.scope',
				message:
					only === undefined
						? '"scope" is missing, and the SQL does not show which there are'
						: '"scope" is missing, and there are several',
				expected: only === undefined ? 'the name of a table that the SQL leaves in output' : this.#candidates.join(', '),
			});
		}
		return only ?? pageScope;
	}

	#check(given: string, path: Path): void {
		const sql = this.#sql;
		if (sql === 'unknown') return;
		if (sql === 'off') {
			if (given === pageScope) return;
			this.#report.at(path, {code: 'workspace.scope', message: `Without SQL there is no scope "${given}"`, expected: pageScope});
		} else if (isErrorTable(given)) {
			this.#report.at(path, {
				code: 'workspace.scope',
				message: `"${given}" goes no further than the report: its name ends in "errors"`,
				expected: 'a table of output whose name does not end in errors',
			});
		} else if (!mentions(sql.text, given)) {
			const tables = outputTables(sql.text);
			const close = nearest(given, tables);
			this.#report.at(path, {
				code: 'workspace.scope',
				message: `The SQL makes no table "${given}"${close ? `. Did you mean "${close}"?` : ''}`,
				expected: tables.length > 0 ? tables.join(', ') : 'the name of a table that the SQL leaves in output',
			});
		}
	}
}
