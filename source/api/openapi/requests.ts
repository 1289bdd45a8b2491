import {z} from 'zod';
import {executionStatuses} from '../../model/execution.js';
import {mailAddressPattern, mailAddressShape} from '../../model/mail-address.js';
import {outcomes} from '../../model/outcome.js';

/* What clients send: the daemon reads every request through these, and OpenAPI is made of them. */

const offset = z.coerce.number().int().min(0).default(0);
const pageLimit = (usual: number) =>
	z.coerce
		.number()
		.int()
		.min(0)
		.max(10_000_000)
		.default(usual)
		.describe('At most as many as a page holds, and 0 for that many; `next` leads on');
const flag = z
	.enum(['true', 'false', '1', '0', ''])
	.default('false')
	.transform((value) => value === 'true' || value === '1');
const maybe = z.string().min(1).nullable().default(null);

export const pageQuery = z.object({offset, limit: pageLimit(200)});
export const historyQuery = pageQuery.extend({find: maybe.describe('a text in the time, user, deed, connector, execution or detail')});
export const deliveriesQuery = pageQuery.extend({find: maybe.describe('a text in the kind, target, execution, state, last error or id')});

export const executionsQuery = z.object({
	connector: maybe,
	status: z.enum(executionStatuses).nullable().default(null),
	mode: z.enum(['live', 'dry']).nullable().default(null),
	object: maybe,
	operation: z.enum(['import', 'export']).nullable().default(null),
	find: maybe.describe('a text in the file name, the id, the connector, who started it or the error'),
	offset,
	limit: pageLimit(100),
});

const rowFilter = {
	outcome: z.enum(outcomes).nullable().default(null),
	reason: maybe,
	state: z.enum(['ok', 'skipped', 'unchanged']).nullable().default(null),
	find: maybe,
	value: z.string().nullable().default(null),
};

export const rowsQuery = z.object({
	offset,
	limit: pageLimit(200),
	...rowFilter,
	column: maybe,
	sort: maybe,
	descending: flag,
});

export const valuesQuery = z.object({
	column: z.string().min(1),
	limit: pageLimit(100),
	...rowFilter,
	where: maybe.describe('only rows that have `value` in this column'),
});
export const explainQuery = z.object({row: z.coerce.number().int().min(1), scope: maybe});
export const findQuery = z.object({text: z.string().min(1), connector: maybe, since: maybe, offset, limit: pageLimit(100)});
const several = z
	.union([z.string(), z.array(z.string())])
	.default([])
	.transform((given) => (typeof given === 'string' ? [given] : given));

export const recordsQuery = z.object({
	find: maybe,
	where: several.describe('field=value; all must hold'),
	archived: flag,
	offset,
	limit: pageLimit(200),
});

const confirm = z.string().nullable().optional();

const noPath =
	'The daemon opens no file by its path: send its bytes as the body, with Content-Type: application/octet-stream, and connector and input (its name) in the query';

/** A run without a file. */
export const runBody = z.strictObject({
	connector: z.string(),
	input: z.null({error: noPath}).default(null),
	input_of: z
		.string()
		.min(1)
		.nullable()
		.default(null)
		.describe('An earlier execution, by id or unique prefix, whose input is read once more'),
	mode: z.enum(['live', 'dry']).default('live'),
	diff_check: z.boolean().default(true),
	accept_incomplete: z.boolean().default(false),
	notify: z.string().regex(mailAddressPattern, {error: mailAddressShape}).nullable().default(null),
	confirm: z.string().nullable().default(null),
});

/** A run of the file that is the body. */
export const uploadQuery = z.strictObject({
	connector: z.string().min(1),
	input: z
		.string()
		.refine(isFileName, {error: 'the name of a file, without folders, of at most 255 bytes'})
		.describe('The name of the file'),
	mode: z.enum(['live', 'dry']).default('live'),
	diff_check: flag.prefault('true'),
	accept_incomplete: flag,
	notify: runBody.shape.notify,
	confirm: z.string().nullable().default(null),
});

/** Without folders: it becomes the name of a file of the execution. */
function isFileName(name: string): boolean {
	return !['', '.', '..'].includes(name) && !/[/\0]/.test(name) && Buffer.byteLength(name) <= 255;
}

export const activateBody = z.strictObject({
	decision: z
		.union([z.strictObject({keep: z.literal('all')}), z.strictObject({cancel: z.union([z.literal('all'), z.array(z.string())])})])
		.optional(),
	revision: z.number().int().optional(),
});

export const confirmBody = z.strictObject({confirm});
export const rerunBody = z.strictObject({rows: z.literal('failed').optional(), mode: z.enum(['live', 'dry']).optional(), confirm});
export const artifactQuery = z.object({
	safe_csv: flag.describe('With an apostrophe before cells of the SQL output that a spreadsheet would run'),
	to: maybe.describe('Where it will be written, for the history'),
});
export const identifiersBody = z.strictObject({identifiers: z.array(z.string()).min(1)});
export const validateBody = z.strictObject({connector: z.string().optional()});
export const secretBody = z.strictObject({value: z.string().min(1)});
export const backupBody = z.strictObject({to: maybe.describe('Where it will be written, for the history')});
export const inferBody = z.strictObject({to_write: z.boolean().default(false).describe('The caller adds them to `file`: for the history')});
export const noBody = z.object({});
