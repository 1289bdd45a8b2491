import type {SqlSession} from '../../model/sql-session.js';
import {AsideTables} from './materialised-rows.js';

/** Answers kept, and the most rows of one that is kept. */
const most = {answers: 500, rows: 200};

/**
 * A session on tables that do not change any more: what `rows` answered once (which columns there are, how many rows a filter leaves)
 * it answers again without asking the engine, and rows can be set aside. Statements that write make it forget everything; the oldest answers go first.
 */
export function rememberingSession(session: SqlSession): SqlSession {
	const answers = new Map<string, readonly Record<string, unknown>[]>();
	const aside = new AsideTables(session);
	return {
		blocks: (sql) => session.blocks(sql),
		async rows<Row extends Record<string, unknown>>(sql: string) {
			const known = answers.get(sql);
			if (known) return known as readonly Row[];
			const found = await session.rows<Row>(sql);
			if (found.length <= most.rows) answers.set(sql, found);
			for (const [oldest] of answers) {
				if (answers.size <= most.answers) break;
				answers.delete(oldest);
			}
			return found;
		},
		async execute(sql) {
			if (!sql.startsWith('SET ')) answers.clear();
			await session.execute(sql);
		},
		async insert(table, columns, block) {
			answers.clear();
			await session.insert(table, columns, block);
		},
		setAside: (select) => aside.of(select),
	};
}
