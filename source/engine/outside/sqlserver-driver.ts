import {SluiceError} from '../../model/errors.js';

/*
 * The driver of SQL Server, which is an optional install: what of it is used, as its documentation has it (tedious 18 and 19).
 */

export type SqlServerColumn = {
	readonly colName: string;
	readonly type: {readonly name: string};
	readonly scale?: number;
	/** Bytes of a number or a time. */
	readonly dataLength?: number;
};

export type SqlServerCell = {readonly metadata: SqlServerColumn; readonly value: unknown};

export type SqlServerRequest = {
	on(event: 'columnMetadata', hear: (columns: readonly SqlServerColumn[]) => void): void;
	on(event: 'row', hear: (cells: readonly SqlServerCell[]) => void): void;
	pause(): void;
	resume(): void;
};

export type SqlServerConnection = {
	connect(done: (error?: Error) => void): void;
	on(event: 'error', hear: (error: Error) => void): void;
	beginTransaction(done: (error?: Error | null) => void): void;
	execSqlBatch(request: SqlServerRequest): void;
	cancel(): boolean;
	close(): void;
};

export type SqlServerDriver = {
	readonly Connection: new (options: object) => SqlServerConnection;
	readonly Request: new (sql: string, done: (error?: Error | null) => void) => SqlServerRequest;
};

/** A variable, so that nothing but this call looks for the module. */
const name = 'tedious';

/** @throws SluiceError `source.driver` where the driver is not installed */
export async function sqlServerDriver(load: (name: string) => Promise<unknown> = (module) => import(module)): Promise<SqlServerDriver> {
	try {
		const module = (await load(name)) as SqlServerDriver & {readonly default?: SqlServerDriver};
		return module.default ?? module;
	} catch (cause) {
		const {code, message} = cause as NodeJS.ErrnoException;
		if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(`'${name}'`)) throw cause;
		throw new SluiceError('source.driver', 'SQL Server is read by the driver "tedious", which is not installed', {
			cure: 'Install it beside Sluice: `npm install tedious` in the folder that holds Sluice’s node_modules, or `npm install -g tedious` where Sluice is installed with -g.',
			cause,
		});
	}
}
