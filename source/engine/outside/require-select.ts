import {SluiceError} from '../../model/errors.js';
import type {DatabaseKind} from '../../model/source-kind.js';
import {databaseNames} from './database-query.js';

/** What a statement that gives rows and writes nothing begins with. A procedure may commit the read-only transaction and write in another one. */
const reading: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'VALUES', 'TABLE', 'SHOW', 'EXPLAIN', 'DESCRIBE', 'DESC']);

/** Texts, quoted names and comments. `$tag$ … $tag$` is a text of PostgreSQL; what `/*!` begins is a part of the statement for MySQL. */
const quotedOrComment: Readonly<Record<DatabaseKind, RegExp>> = {
	postgres: /'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?\1|--[^\n]*|\/\*[\s\S]*?\*\//g,
	sqlserver: /'(?:[^']|'')*'|"(?:[^"]|"")*"|\[(?:[^\]]|\]\])*\]|--[^\n]*|\/\*[\s\S]*?\*\//g,
	mysql: /'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"\\]|""|\\[\s\S])*"|`(?:[^`]|``)*`|--(?=\s)[^\n]*|#[^\n]*|\/\*(?!M?!)[\s\S]*?\*\//g,
};

/** Reserved words of SQL Server that write, run or set something: it reads several statements that nothing parts. */
const writingOfSqlServer: ReadonlySet<string> = new Set(
	`ALTER BACKUP BEGIN BULK COMMIT CREATE DBCC DECLARE DELETE DENY DROP EXEC EXECUTE GRANT INSERT INTO KILL MERGE OPENQUERY OPENROWSET
	OPENDATASOURCE RECEIVE RECONFIGURE RESTORE REVERT REVOKE ROLLBACK SAVE SET SHUTDOWN TRIGGER TRUNCATE UPDATE UPDATETEXT USE WAITFOR
	WRITETEXT`.split(/\s+/),
);
const readingOfSqlServer: ReadonlySet<string> = new Set(['SELECT', 'WITH']);

/**
 * Refuses what is no SELECT, and a SELECT of MySQL that writes its rows to a file of the server, which a read-only transaction does not refuse.
 *
 * @throws SluiceError `source.query`
 */
export function requireSelect(kind: DatabaseKind, query: string): void {
	const words = query
		.replaceAll(quotedOrComment[kind], ' ')
		.replaceAll(/\/\*M?!\d*/g, ' ')
		.split(/[^\w$]+/)
		.filter((word) => word !== '')
		.map((word) => word.toUpperCase());
	const expected = `a SELECT in the SQL of ${databaseNames[kind]}, which writes nothing`;
	const [first = 'an empty query'] = words;
	if (!(kind === 'sqlserver' ? readingOfSqlServer : reading).has(first))
		throw new SluiceError('source.query', `The query begins with ${first.slice(0, 40)}`, {expected});
	if (kind === 'mysql' && (words.includes('INTO') || words.includes('OUTFILE')))
		throw new SluiceError('source.query', 'The query writes what it reads: it has the word INTO', {expected});
	const wrong = kind === 'sqlserver' ? words.find((word) => writingOfSqlServer.has(word)) : undefined;
	if (wrong !== undefined) {
		throw new SluiceError('source.query', `The query has the word ${wrong}, which does not read`, {
			expected,
			cure: 'Put a column of that name into brackets.',
		});
	}
}
