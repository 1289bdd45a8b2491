import {referenceDecimal, referenceScale} from '../../model/decimal-sql.js';
import type {FieldType} from '../../model/field-type.js';
import type {Field} from '../../model/object.js';
import type {ColumnBlock} from '../../model/sql-session.js';
import {identifier} from '../../model/sql-text.js';
import type {SqlWorker} from './worker-session.js';

/** Records of one object that SQL may read (SPEC 5.1). */
export type ReferenceRecords = {
	/** The object's api name: `kizen.<object>`. */
	readonly object: string;
	/** The fields shown, besides `kizen_id`. */
	readonly fields: readonly Field[];
	/** Blocks of columns: the record's id, then the fields in their order, in normal form (`FieldValue`). */
	readonly blocks: AsyncIterable<ColumnBlock>;
};

/**
 * A field's type in SQL and how its normal form becomes it. What a type cannot hold (a year before 1900) is NULL, never another value, and
 * is warned of.
 *
 * @param scale the most digits after the point that a value of the field has
 */
function sqlColumn(field: Field, scale: number): {readonly type: string; readonly value: string} {
	const text = identifier(field.apiName);
	if (field.multiple) return {type: 'Array(String)', value: text};
	switch (field.type) {
		case 'integer':
			return {type: 'Nullable(Int64)', value: `toInt64OrNull(${text})`};
		case 'decimal':
		case 'money':
		case 'rating':
			return {type: `Nullable(${referenceDecimal(scale)})`, value: `toDecimal256OrNull(${text}, ${referenceScale})`};
		case 'checkbox':
			return {type: 'Nullable(Bool)', value: `multiIf(${text} = 'true', true, ${text} = 'false', false, NULL)`};
		case 'date':
			return {type: 'Nullable(Date32)', value: `if(toString(toDate32OrNull(${text})) = ${text}, toDate32OrNull(${text}), NULL)`};
		case 'datetime': {
			const parsed = `parseDateTime64BestEffortOrNull(${text}, 3, 'UTC')`;
			const same = `formatDateTime(${parsed}, '%Y-%m-%d %H:%i:%S') = replaceOne(substring(${text}, 1, 19), 'T', ' ')`;
			// Without a zone of its own: the workspace's, as every time in SQL.
			return {type: 'Nullable(DateTime64(3))', value: `if(${same}, ${parsed}, NULL)`};
		}
		case 'uuid':
			return {type: 'Nullable(UUID)', value: `toUUIDOrNull(${text})`};
		default:
			return {type: 'Nullable(String)', value: text};
	}
}

/** A multi-value field that is blank is an empty array. */
function withoutNulls(block: ColumnBlock, multiple: readonly boolean[]): ColumnBlock {
	return block.map((column, at) => (multiple[at] ? column.map((value) => value ?? []) : column));
}

const decimals: ReadonlySet<FieldType> = new Set(['decimal', 'money', 'rating']);

/** The most digits after the point that the values of each decimal field have, at most 20. */
async function scalesOf(worker: SqlWorker, staging: string, fields: readonly Field[]): Promise<ReadonlyMap<string, number>> {
	const asked = fields.filter(({type, multiple}) => decimals.has(type) && !multiple).map(({apiName}) => apiName);
	if (asked.length === 0) return new Map();
	const digits = (text: string) => `if(position(${text}, '.') = 0, 0, length(${text}) - position(${text}, '.'))`;
	const most = asked.map((name, at) => `toUInt32(ifNull(max(${digits(identifier(name))}), 0)) AS s${at}`);
	const [row] = await worker.rows<Record<string, number>>(`SELECT ${most.join(', ')} FROM ${staging}`);
	return new Map(asked.map((name, at) => [name, Math.min(referenceScale, Number(row?.[`s${at}`] ?? 0))]));
}

/** Hears of values that SQL cannot hold, and what to do. */
export type OnLost = (warning: {readonly message: string; readonly cure: string}) => void;

/** Tells of the dates and moments of each field that are NULL in the loaded table, though they are not blank. */
async function tellLost(worker: SqlWorker, staging: string, {object, fields}: ReferenceRecords, onLost: OnLost): Promise<void> {
	const asked = fields.filter(({type, multiple}) => (type === 'date' || type === 'datetime') && !multiple);
	if (asked.length === 0) return;
	const counts = asked.map(({apiName}, at) => `count(${identifier(apiName)}) AS n${at}`).join(', ');
	const [[sent], [held]] = [
		await worker.rows<Record<string, number>>(`SELECT ${counts} FROM ${staging}`),
		await worker.rows<Record<string, number>>(`SELECT ${counts} FROM kizen.${identifier(object)}`),
	];
	for (const [at, field] of asked.entries()) {
		const lost = Number(sent?.[`n${at}`] ?? 0) - Number(held?.[`n${at}`] ?? 0);
		if (lost === 0) continue;
		const {apiName, type} = field;
		const text = identifier(apiName);
		// Values are looked at only where some are lost.
		const [example] = await worker.rows<{value: string}>(
			`SELECT ${text} AS value FROM ${staging} WHERE isNotNull(${text}) AND isNull(${sqlColumn(field, 0).value}) LIMIT 1`,
		);
		const [values, are] = lost === 1 ? ['1 value', 'is'] : [`${lost} values`, 'are'];
		onLost({
			message: `kizen.${object}.${apiName}: ${values} that SQL cannot hold ${are} blank there, such as ${example?.value}`,
			cure: `A ${type} in SQL is of the years 1900 to 2299. An export of the object without SQL keeps the value.`,
		});
	}
}

/** Loads one object's records into `kizen.<object>`, with a view of them in `records`. */
async function loadReference(worker: SqlWorker, reference: ReferenceRecords, onLost: OnLost): Promise<void> {
	const {object, fields, blocks} = reference;
	const table = `kizen.${identifier(object)}`;
	const staging = `connector.${identifier(`reference:${object}`)}`;
	const names = ['kizen_id', ...fields.map(({apiName}) => apiName)];
	const texts = fields.map((field) => `${identifier(field.apiName)} ${field.multiple ? 'Array(String)' : 'Nullable(String)'}`);
	await worker.execute(`CREATE TABLE ${staging} (${['kizen_id Nullable(String)', ...texts].join(', ')}) ENGINE = Log`);
	const multiple = [false, ...fields.map((field) => field.multiple)];
	for await (const block of blocks) await worker.insert(staging, names, withoutNulls(block, multiple));
	const scales = await scalesOf(worker, staging, fields);
	const columns = fields.map((field) => ({name: identifier(field.apiName), ...sqlColumn(field, scales.get(field.apiName) ?? 0)}));
	const list = ['kizen_id Nullable(String)', ...columns.map(({name, type}) => `${name} ${type}`)];
	await worker.execute(`CREATE TABLE ${table} (${list.join(', ')}) ENGINE = MergeTree ORDER BY tuple()`);
	await worker.execute(
		`INSERT INTO ${table} SELECT ${['kizen_id', ...columns.map(({value}) => value)].join(', ')} FROM ${staging} SETTINGS max_threads = 1`,
	);
	await tellLost(worker, staging, reference, onLost);
	await worker.execute(`DROP TABLE ${staging} SYNC`);
	await worker.execute(`CREATE VIEW records.${identifier(object)} AS SELECT * FROM ${table}`);
}

/** Loads the reference data, object by object. */
export async function loadReferences(worker: SqlWorker, references: readonly ReferenceRecords[], onLost: OnLost): Promise<void> {
	for (const reference of references) await loadReference(worker, reference, onLost);
}
