import {SluiceError} from '../../model/errors.js';
import {type Field, identifierOf, type ObjectDefinition} from '../../model/object.js';
import {columnNames, hasIndex, hasTable, holding, type Schema, sameShape, storedFields} from './catalogue.js';
import type {Database} from './connection.js';
import {columnOf, columnsOf, createTable, type Index, keyColumnOf, quote, quoteText, tableOf, uniqueIndexes} from './layout.js';

/**
 * Makes the tables fit the definitions (SPEC 2.1): a new field gets a column, a removed one keeps its and is not read any more, a field of
 * another type gets a new column where the old one is empty. Runs inside the caller's transaction.
 *
 * @throws SluiceError `store.object_refused` naming everything that stored records forbid; then nothing may be committed
 */
export function syncObjects(db: Database, schema: Schema, objects: readonly ObjectDefinition[]): void {
	refuse(objects.flatMap((object) => typeProblems(db, schema, object)));
	for (const object of objects) syncFields(db, schema, object);
	refuse(objects.flatMap((object) => syncIndexes(db, schema, object)));
}

/** @throws SluiceError `store.object_refused` with all problems in one message */
export function refuse(problems: readonly StoreProblem[]): void {
	const [first] = problems;
	if (!first) return;
	throw new SluiceError('store.object_refused', problems.map(({message}) => message).join('; '), {where: first.where, cure: first.cure});
}

export type StoreProblem = {readonly where: string; readonly message: string; readonly cure: string};

/** Fields whose type changed although records hold values of the old one. */
export function typeProblems(db: Database, schema: Schema, object: ObjectDefinition): readonly StoreProblem[] {
	const stored = storedFields(db, schema, object.apiName);
	return object.fields.flatMap((field) => {
		const old = stored.get(field.apiName);
		if (!old || sameShape(old, field)) return [];
		const held = holding(db, schema, tableOf(object.apiName), field.apiName);
		if (held === 0) return [];
		const was = describe(old);
		const where = `objects/${object.apiName}.yaml`;
		return {
			where,
			message: `${object.apiName}.${field.apiName} is ${was} in the store and ${held} ${held === 1 ? 'record holds' : 'records hold'} a value; it cannot become ${describe(field)}.`,
			cure: `Leave ${field.apiName} as ${was}, or give the new field another api_name.`,
		};
	});
}

function describe({type, multiple}: {type: string; multiple: boolean}): string {
	return type === 'relationship' && multiple ? 'relationship (multiple)' : type;
}

function syncFields(db: Database, schema: Schema, object: ObjectDefinition): void {
	const table = `${schema}.${tableOf(object.apiName)}`;
	if (!hasTable(db, schema, `record_${object.apiName}`)) db.exec(createTable(schema, object));
	const stored = storedFields(db, schema, object.apiName);
	for (const field of object.fields) {
		const old = stored.get(field.apiName);
		if (old && sameShape(old, field)) continue;
		if (old) dropColumns(db, object.apiName, field);
		const columns = columnNames(db, schema, object.apiName);
		if (!columns.has(field.apiName)) for (const column of columnsOf(field)) db.exec(`ALTER TABLE ${table} ADD COLUMN ${column}`);
		db.prepare(`INSERT OR REPLACE INTO ${schema}.field (object, field, type, multiple) VALUES (?, ?, ?, ?)`).run(
			object.apiName,
			field.apiName,
			field.type,
			field.multiple ? 1 : 0,
		);
	}
}

/** The columns of a field that holds nothing, in whatever shape it was. */
function dropColumns(db: Database, object: string, field: Field): void {
	const own = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'index' AND name LIKE ? ESCAPE '\\'`);
	const pattern = `${object}.${field.apiName}:`.replaceAll('_', '\\_');
	for (const {name} of own.all(`${pattern}%`) as {name: string}[]) db.exec(`DROP INDEX ${quote(name)}`);
	const columns = columnNames(db, 'main', object);
	for (const column of [field.apiName, `${field.apiName}#key`]) {
		if (columns.has(column)) db.exec(`ALTER TABLE ${tableOf(object)} DROP COLUMN ${quote(column)}`);
	}
}

/** Makes the unique indexes that are missing and takes away those that no definition asks for any more. */
function syncIndexes(db: Database, schema: Schema, object: ObjectDefinition): readonly StoreProblem[] {
	const wanted = uniqueIndexes(object);
	const names = new Set(wanted.map(({name}) => name));
	const made = db
		.prepare(`SELECT name FROM ${schema}.sqlite_schema WHERE type = 'index' AND tbl_name = ${quoteText(`record_${object.apiName}`)}`)
		.all() as {name: string}[];
	for (const {name} of made) {
		if (/:(identifier|active|archived)$/.test(name) && !names.has(name)) db.exec(`DROP INDEX ${quote(name)}`);
	}
	return wanted.flatMap((index) => (hasIndex(db, schema, index.name) ? [] : makeIndex(db, schema, object, index)));
}

function makeIndex(db: Database, schema: Schema, object: ObjectDefinition, index: Index): readonly StoreProblem[] {
	const field = object.fields.find(({apiName}) => index.name.startsWith(`${object.apiName}.${apiName}:`));
	const problem = field && !index.name.endsWith(':archived') ? uniqueProblem(db, object, field) : null;
	if (problem) return [problem];
	db.exec(index.sql(schema));
	return [];
}

/** Why a field cannot be made unique: a value that several records hold, or for the identifier, records that have none. */
function uniqueProblem(db: Database, object: ObjectDefinition, field: Field): StoreProblem | null {
	const table = tableOf(object.apiName);
	const key = keyColumnOf(field);
	const binding = field.identifier ? '' : 'AND _archived = 0';
	const clash = db
		.prepare(
			`SELECT ${columnOf(field)} AS value, count(*) AS records FROM ${table} WHERE ${key} IS NOT NULL ${binding} GROUP BY ${key} HAVING count(*) > 1 LIMIT 1`,
		)
		.get() as {value: unknown; records: number} | undefined;
	const where = `objects/${object.apiName}.yaml`;
	const name = `${object.apiName}.${field.apiName}`;
	if (clash) {
		return {
			where,
			message: `${name} cannot become ${field.identifier ? 'the identifier' : 'unique'}: ${clash.records} records hold "${clash.value}".`,
			cure: 'Change or archive the records that share a value first.',
		};
	}
	if (!field.identifier || identifierOf(object) !== field) return null;
	const {blank} = db.prepare(`SELECT count(*) AS blank FROM ${table} WHERE ${key} IS NULL`).get() as {blank: number};
	if (blank === 0) return null;
	return {
		where,
		message: `${name} cannot become the identifier: ${blank} records have none.`,
		cure: 'Fill the field in all records first.',
	};
}
