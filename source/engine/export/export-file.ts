import type {ExportTarget} from '../../model/connector.js';
import type {CsvFormat} from '../../model/csv-format.js';
import type {SqlSession} from '../../model/sql-session.js';
import type {ExportColumn} from './columns.js';

/** A file that an export writes, and the table that its rows are in. */
export type ExportFile = {
	readonly session: SqlSession;
	/** The execution's folder, absolute: the file is made there first. */
	readonly folder: string;
	readonly format: ExportTarget['format'];
	/** How a CSV is written. */
	readonly csv: CsvFormat;
	/** The name of the kept table behind `sql:`. */
	readonly table: string;
	readonly columns: readonly ExportColumn[];
	readonly rows: number;
	readonly threads: number;
	/** The workspace's. */
	readonly timezone: string;
};
