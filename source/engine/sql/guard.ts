import {SluiceError} from '../../model/errors.js';
import type {SqlSession} from '../../model/sql-session.js';
import {literal} from '../../model/sql-text.js';
import type {SqlLimits} from './access.js';
import {EngineError} from './engine-error.js';
import {Refusal} from './guard/refusal.js';
import {checkSettings, withThreads} from './guard/settings.js';
import {type StatementKind, statementKind} from './guard/statement-kind.js';
import {checkStructureTree, notAStructure, structureTable} from './guard/structure.js';
import {parseSyntaxTree, type SyntaxNode} from './guard/syntax-tree.js';
import {checkTree} from './guard/tree-rules.js';
import {loadVocabulary, type Vocabulary} from './guard/vocabulary.js';
import {checkCalls, checkClauses} from './guard/word-rules.js';
import {type MysqlKindsOf, withExactValues} from './outside/exact-values.js';
import {refusalError, runError, type Script, syntaxError} from './script-error.js';
import type {Statement} from './split-statements.js';
import {type Token, tokenise} from './tokens.js';
import type {SqlWorker} from './worker-session.js';

/** A statement that may run: the engine's own rendering of it, which is what was checked. */
export type CheckedStatement = StatementKind & {
	readonly sql: string;
	/** Null for rows of literals, which have none. */
	readonly tree: SyntaxNode | null;
	/** Not so with IF NOT EXISTS, which leaves a statement aside where its table is there. */
	readonly isAlwaysRun: boolean;
};

export type GuardContext = {
	readonly session: SqlSession;
	readonly vocabulary: Vocabulary;
	/** The connector's secrets, as SQL knows them. */
	readonly collections: readonly string[];
	/** Those that it names and that are not set. */
	readonly unset: readonly string[];
	/** Those of the session, which a statement may lower. */
	readonly limits: SqlLimits;
	readonly mysqlKindsOf: MysqlKindsOf;
};

/** The context of all that runs in a worker. */
export async function guardContext(worker: SqlWorker): Promise<GuardContext> {
	const {collections, unset, limits, mysqlKindsOf} = worker;
	return {session: worker, vocabulary: await loadVocabulary(worker), collections, unset, limits, mysqlKindsOf};
}

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

/** Where VALUES begins its rows. A table, a column or a format may be called so too. */
function startOfRows(tokens: readonly Token[]): number {
	let depth = 0;
	return tokens.findIndex(({text}, at) => {
		if (text === '(') depth++;
		if (text === ')') depth--;
		const isName = ['.', 'INTO', 'TABLE'].includes(tokens[at - 1]?.text.toUpperCase() ?? '');
		return depth === 0 && text.toUpperCase() === 'VALUES' && !isName;
	});
}

/**
 * The rows as arguments of `values()`, which takes a literal text in first place for a structure. A call around it keeps it a value.
 */
function asArguments(text: string, [open, first, close]: readonly Token[]): string {
	if (open?.text !== '(' || first?.kind !== 'string' || close?.text !== ')') return text;
	return `(toString(${first.text}))${text.slice(close.offset + 1 - open.offset)}`;
}

/**
 * `INSERT ... VALUES` with its rows, which the engine's rendering leaves out. Rows of literals go as they are; rows with expressions become
 * a SELECT, which is then checked like any other.
 */
async function withValues({session}: GuardContext, rendered: string, statement: Statement): Promise<{sql: string; plain: boolean}> {
	const rows = statement.tokens.slice(startOfRows(statement.tokens) + 1);
	const head = rendered.replace(/ FORMAT Values$/, '');
	const [first] = rows;
	if (first === undefined) throw new Refusal('statements', 'INSERT ... VALUES without rows may not be used', 'VALUES');
	if (rows.every(isLiteral)) {
		// The session reads no expressions in the format Values: what a server answers could hold some. These rows hold none.
		const separator = tokenise(head).some(({kind, text}) => kind === 'word' && text === 'SETTINGS') ? ',' : ' SETTINGS';
		const values = rows.map(({text}) => text).join(' ');
		return {sql: `${head}${separator} input_format_values_interpret_expressions = 1 VALUES ${values}`, plain: true};
	}
	const text = asArguments(statement.text.slice(first.offset - statement.offset), rows);
	return {sql: await render(session, `${head} SELECT * FROM values(${text})`), plain: false};
}

/** @throws EngineError for what is no SQL */
async function syntaxTree(session: SqlSession, sql: string): Promise<SyntaxNode> {
	const lines = await session.rows<{explain: string}>(`EXPLAIN AST ${sql}`);
	return parseSyntaxTree(lines.map(({explain}) => explain));
}

/** Has the engine parse the structure texts of a statement. @throws Refusal */
async function checkStructures({session}: GuardContext, structures: readonly string[]): Promise<void> {
	for (const text of new Set(structures)) {
		const tree = await syntaxTree(session, structureTable(text)).catch((error: unknown) => {
			if (error instanceof SluiceError && error.code === 'sql.syntax') throw notAStructure(undefined);
			throw error;
		});
		checkStructureTree(tree);
	}
}

async function check(context: GuardContext, statement: Statement): Promise<CheckedStatement> {
	const {session, collections, vocabulary, limits} = context;
	let sql = await render(session, statement.text);
	let tokens = tokenise(sql);
	checkClauses(tokens);
	checkSettings(tokens, limits);
	sql = withThreads(sql, limits.threads);
	let kind = statementKind(tokens);
	if (kind.does === 'values') {
		const values = await withValues(context, sql, statement);
		if (values.plain) return {...kind, sql: values.sql, tree: null, isAlwaysRun: true};
		sql = values.sql;
		tokens = tokenise(sql);
		checkClauses(tokens);
		checkSettings(tokens, limits);
		sql = withThreads(sql, limits.threads);
		kind = {...statementKind(tokens), ordered: false};
	}
	// The engine does what INTO OUTFILE and SETTINGS say when it is asked for a tree, so these are looked at first.
	const tree = await syntaxTree(session, sql);
	const structures = checkTree(tree, collections);
	checkCalls(tokens, vocabulary);
	await checkStructures(context, structures);
	return {...kind, sql, tree, isAlwaysRun: !/\bIF NOT EXISTS\b/.test(sql)};
}

/**
 * Lets a statement through, or says by which rule it may not run (SPEC 5.4). What is checked is what runs: the returned text is the
 * engine's own rendering of the statement.
 *
 * @throws SluiceError `sql.syntax`, `sql.forbidden`, `secret.missing`, with the place in the script
 */
export async function checkStatement(context: GuardContext, script: Script, statement: Statement): Promise<CheckedStatement> {
	try {
		const checked = await check(context, statement);
		return {...checked, sql: await exactly(context, checked.sql, script, statement)};
	} catch (error) {
		if (error instanceof Refusal) throw refusalError(error, script, statement, context.unset);
		if (!(error instanceof SluiceError) || !(error.cause instanceof EngineError) || error.code !== 'sql.syntax') throw error;
		throw syntaxError(error.cause, script, statement);
	}
}

/** The other databases are asked what their columns are, which may fail as a statement may. */
async function exactly({session, limits, mysqlKindsOf}: GuardContext, sql: string, script: Script, statement: Statement): Promise<string> {
	try {
		return await withExactValues(session, sql, mysqlKindsOf);
	} catch (error) {
		throw runError(error, script, statement, limits);
	}
}
