import {SluiceError} from '../../model/errors.js';
import type {SqlSession} from '../../model/sql-session.js';
import {literal} from '../../model/sql-text.js';
import {EngineError} from './engine-error.js';
import {Refusal} from './guard/refusal.js';
import {type StatementKind, statementKind} from './guard/statement-kind.js';
import {parseSyntaxTree} from './guard/syntax-tree.js';
import {checkTree} from './guard/tree-rules.js';
import type {Vocabulary} from './guard/vocabulary.js';
import {checkCalls, checkClauses} from './guard/word-rules.js';
import {refusalError, type Script, syntaxError} from './script-error.js';
import type {Statement} from './split-statements.js';
import {type Token, tokenise} from './tokens.js';

/** A statement that may run: the engine's own rendering of it, which is what was checked. */
export type CheckedStatement = StatementKind & {readonly sql: string};

export type GuardContext = {
	readonly session: SqlSession;
	readonly vocabulary: Vocabulary;
	/** The connector's secrets, as SQL knows them. */
	readonly collections: readonly string[];
};

/** One statement, spelled by the engine in one way: no comments, no heredocs, keywords in capitals. @throws SluiceError `sql.syntax` */
async function render(session: SqlSession, sql: string): Promise<string> {
	const [row] = await session.rows<{sql: string}>(`SELECT formatQuerySingleLine(${literal(sql)}) AS sql`);
	return row?.sql ?? '';
}

const literalWords: ReadonlySet<string> = new Set(['NULL', 'TRUE', 'FALSE', 'DEFAULT']);

function isLiteral({kind, text}: Token): boolean {
	if (kind === 'word') return literalWords.has(text.toUpperCase());
	if (kind === 'string') return text.startsWith("'");
	return kind === 'number' || (kind === 'symbol' && '()[]{},:+-'.includes(text));
}

/**
 * `INSERT ... VALUES` with its rows, which the engine's rendering leaves out. Rows of literals go as they are; rows with expressions become
 * a SELECT, which is then checked like any other.
 */
async function withValues({session}: GuardContext, rendered: string, statement: Statement): Promise<{sql: string; plain: boolean}> {
	const at = statement.tokens.findIndex(({text}) => text.toUpperCase() === 'VALUES');
	const rows = statement.tokens.slice(at + 1);
	const head = rendered.replace(/ FORMAT Values$/, '');
	const [first] = rows;
	if (first === undefined) throw new Refusal('statements', 'INSERT ... VALUES without rows may not be used', 'VALUES');
	if (rows.every(isLiteral)) return {sql: `${head} VALUES ${rows.map(({text}) => text).join(' ')}`, plain: true};
	const text = statement.text.slice(first.offset - statement.offset);
	return {sql: await render(session, `${head} SELECT * FROM values(${text})`), plain: false};
}

async function check(context: GuardContext, statement: Statement): Promise<CheckedStatement> {
	let sql = await render(context.session, statement.text);
	let tokens = tokenise(sql);
	checkClauses(tokens);
	let kind = statementKind(tokens);
	if (kind.does === 'values') {
		const values = await withValues(context, sql, statement);
		if (values.plain) return {...kind, sql: values.sql};
		sql = values.sql;
		tokens = tokenise(sql);
		checkClauses(tokens);
		kind = {...statementKind(tokens), ordered: false};
	}
	// Why only now: an EXPLAIN of a statement with INTO OUTFILE would write the file.
	const lines = await context.session.rows<{explain: string}>(`EXPLAIN AST ${sql}`);
	checkTree(parseSyntaxTree(lines.map(({explain}) => explain)), context.vocabulary, context.collections);
	checkCalls(tokens, context.vocabulary);
	return {...kind, sql};
}

/**
 * Lets a statement through, or says by which rule it may not run (SPEC 5.4). What is checked is what runs: the returned text is the
 * engine's own rendering of the statement.
 *
 * @throws SluiceError `sql.syntax`, `sql.forbidden`, with the place in the script
 */
export async function checkStatement(context: GuardContext, script: Script, statement: Statement): Promise<CheckedStatement> {
	try {
		return await check(context, statement);
	} catch (error) {
		if (error instanceof Refusal) throw refusalError(error, script, statement);
		if (!(error instanceof SluiceError) || !(error.cause instanceof EngineError) || error.code !== 'sql.syntax') throw error;
		throw syntaxError(error.cause, script, statement);
	}
}
