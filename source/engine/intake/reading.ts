import type {Connector} from '../../model/connector.js';
import type {ReadOptions} from '../../model/read-options.js';
import {tokenise} from '../sql/tokens.js';

/** How a connector reads its files: what it says, and the names of columns that it uses, by which doubts about a file are decided. */
export function readingOf({read, sql, variables}: Pick<Connector, 'read' | 'sql' | 'variables'>): ReadOptions {
	const ofVariables = variables.flatMap(({from}) => ('column' in from ? [from.column] : []));
	const ofSql = sql ? tokenise(sql.text).flatMap(({kind, value}) => (kind === 'word' || kind === 'name' ? [value] : [])) : [];
	return {...read, usedNames: [...new Set([...ofVariables, ...ofSql])]};
}
