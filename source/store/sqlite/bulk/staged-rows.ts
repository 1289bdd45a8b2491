import {randomUUID} from 'node:crypto';
import {closeSync, mkdirSync, openSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {SluiceError} from '../../../model/errors.js';
import type {Field} from '../../../model/object.js';
import {writeAllSync} from '../../../platform/files/write-all.js';
import type {BulkRows} from '../../record-store.js';
import type {Database} from '../connection.js';
import {columnOf, isDecimal, keyColumnOf} from '../layout.js';
import type {RecordTable} from '../record-table.js';
import {RowRecords} from './row-records.js';
import {TableImage} from './sqlite-image.js';

type Stage = {readonly image: TableImage; readonly records: RowRecords};

/**
 * The rows of a chunk as a table that statements read: `staged.rows`, with `_place` (from 0), `number`, and the columns of the fields that the
 * rows bring, as the object's table calls them; all values are texts.
 *
 * Why a database of its own, made by hand and attached: SQLite takes its values out of it three times as fast as out of JSON or out of
 * parameters (docs/decisions/0006).
 */
export class StagedRows {
	readonly #db: Database;
	readonly #scratch: string;
	readonly #stages = new Map<string, Stage>();
	#rows: BulkRows['rows'] | null = null;
	#key = '';
	#attached = false;

	/** @param scratch a folder for the file, made when it is needed; the file has no name any more once it is attached */
	constructor(db: Database, scratch: string) {
		this.#db = db;
		this.#scratch = scratch;
	}

	/**
	 * Until `release` the rows are there. Those that are staged already stay.
	 *
	 * @returns false where a row is too long; then nothing is staged
	 * @throws SluiceError `store.io`, `store.full`
	 */
	stage({object, field}: RecordTable, names: readonly string[], rows: BulkRows['rows']): boolean {
		const key = [object.apiName, ...names].join();
		if (this.#rows === rows && this.#key === key) return true;
		this.release();
		const {image, records} = this.#stageOf(key, names.map(field));
		image.begin();
		if (!records.put(rows, image)) return false;
		this.#attach(image.finish());
		[this.#rows, this.#key] = [rows, key];
		return true;
	}

	/** Outside a transaction, or before anything of the rows was read in it. */
	release(): void {
		this.#rows = null;
		if (!this.#attached) return;
		this.#db.exec('DETACH staged');
		this.#attached = false;
	}

	#stageOf(key: string, fields: readonly Field[]): Stage {
		const known = this.#stages.get(key);
		if (known) return known;
		const decimal = fields.map(({type}) => isDecimal(type));
		const columns = fields.flatMap((field, index) => (decimal[index] ? [columnOf(field), keyColumnOf(field)] : [columnOf(field)]));
		const create = `CREATE TABLE rows (_place INTEGER PRIMARY KEY, number, ${columns.join(', ')})`;
		const stage = {image: new TableImage(create), records: new RowRecords(decimal)};
		this.#stages.set(key, stage);
		return stage;
	}

	/** The file is gone from its folder as soon as it is open: whatever ends the run, nothing is left of it. */
	#attach(image: Uint8Array): void {
		const file = join(this.#scratch, `rows-${randomUUID()}`);
		keep(this.#scratch, file, image);
		try {
			this.#db.prepare('ATTACH ? AS staged').run(file);
			this.#attached = true;
			// why: only then is the file open
			this.#db.prepare('SELECT 1 FROM staged.rows').get();
		} finally {
			rmSync(file, {force: true});
		}
	}
}

function keep(folder: string, file: string, bytes: Uint8Array): void {
	try {
		mkdirSync(folder, {recursive: true, mode: 0o700});
		const open = openSync(file, 'wx', 0o600);
		try {
			writeAllSync(open, bytes);
		} catch (error) {
			rmSync(file);
			throw error;
		} finally {
			closeSync(open);
		}
	} catch (error) {
		const {code, message} = error as NodeJS.ErrnoException;
		const full = code === 'ENOSPC' || code === 'EDQUOT';
		throw new SluiceError(full ? 'store.full' : 'store.io', `The rows of a chunk could not be put before the record store: ${message}`, {
			where: file,
			cause: error,
		});
	}
}
