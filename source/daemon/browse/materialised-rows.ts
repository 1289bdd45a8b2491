import type {SqlSession} from '../../model/sql-session.js';

/** Why eight: the tables and filters that a few people go back and forth between. */
const mostTables = 8;
const database = 'aside';

/**
 * Copies of rows in the engine's memory, by the SELECT that gave them; the one unused longest goes first. They are gone when the engine
 * ends: its folder keeps the name of the database alone.
 */
export class AsideTables {
	readonly #session: Pick<SqlSession, 'execute'>;
	readonly #tables = new Map<string, string>();
	#made = 0;

	constructor(session: Pick<SqlSession, 'execute'>) {
		this.#session = session;
	}

	/** @returns the table that holds the rows of `select`, by its full name */
	async of(select: string): Promise<string> {
		const known = this.#tables.get(select);
		const table = known ?? (await this.#copied(select));
		this.#tables.delete(select);
		this.#tables.set(select, table);
		await this.#dropOldest();
		return table;
	}

	async #copied(select: string): Promise<string> {
		if (this.#made === 0) {
			await this.#session.execute(`DROP DATABASE IF EXISTS ${database}`);
			await this.#session.execute(`CREATE DATABASE ${database} ENGINE = Memory`);
		}
		const table = `${database}.rows_${++this.#made}`;
		// why in two: the engine fills a table in the act of creating it only where it can rename one
		await this.#session.execute(`CREATE TABLE ${table} ENGINE = Memory EMPTY AS ${select}`);
		await this.#session.execute(`INSERT INTO ${table} ${select}`);
		return table;
	}

	async #dropOldest(): Promise<void> {
		for (const [select, table] of this.#tables) {
			if (this.#tables.size <= mostTables) return;
			this.#tables.delete(select);
			await this.#session.execute(`DROP TABLE ${table}`);
		}
	}
}
