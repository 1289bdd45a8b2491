/** Column arrays of one block of rows, in the order of the SELECT; JSON values, 64-bit integers as strings. */
export type ColumnBlock = readonly (readonly unknown[])[];

/** The SQL engine of one execution, wherever it runs. One statement at a time; a failing one throws `SluiceError` `sql.*`. */
export interface SqlSession {
	execute(sql: string): Promise<void>;
	/** A small result, whole: one object a row. */
	rows<Row extends Record<string, unknown>>(sql: string): Promise<readonly Row[]>;
	/** A large result, block by block with back pressure. Order is the statement's. */
	blocks(sql: string): AsyncIterable<ColumnBlock>;
	/** Appends a block to a table. */
	insert(table: string, columns: readonly string[], block: ColumnBlock): Promise<void>;
	/**
	 * There where the tables do not change any more: copies the rows of a SELECT into memory, and gives the table they then stand in. The
	 * same SELECT is copied once.
	 */
	readonly setAside?: (select: string) => Promise<string>;
}

/** A session that can also hand over rows without taking them apart. */
export interface ByteSession {
	/** A large result, block by block with back pressure: whole rows in the engine's RowBinary. */
	bytes(sql: string): AsyncIterable<Buffer>;
}
