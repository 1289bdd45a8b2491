import type {DatabaseKind} from '../../model/source-kind.js';

export const databaseNames: Readonly<Record<DatabaseKind, string>> = {postgres: 'PostgreSQL', mysql: 'MySQL', sqlserver: 'SQL Server'};

/** A query of a database, and the secret that says where it is. */
export type DatabaseQuery = {
	readonly kind: DatabaseKind;
	readonly query: string;
	/** The secret's name, and what it holds. */
	readonly secretName: string;
	readonly secret: Readonly<Record<string, string>>;
	readonly timeSeconds: number;
	/** How long a connection may take. */
	readonly connectMs: number;
};

export type TextRow = readonly (string | null)[];

/** A query's result while it arrives: its columns as the query names them, and its rows in the order it gives, each value as its own text. */
export type DatabaseRows = {
	readonly columns: readonly string[];
	readonly rows: AsyncIterable<TextRow>;
};
