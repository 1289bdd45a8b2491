import * as z from 'zod';
import {connectorTypes} from '../../model/connector.js';
import {loadStep} from './load-step-schema.js';
import {read} from './read-schema.js';
import {exportTarget, schedule, source} from './source-schema.js';
import {anyText, apiName, filled, mailAddress, requestHeaders, secretName, title, webAddress} from './text.js';
import {additionalVariable, variable} from './variable-schema.js';
import {webhook} from './webhook-schema.js';

const referenceData = z.strictObject({
	object: apiName().describe('The object whose records SQL can read, as `kizen.<object>` or `records.<object>`.'),
	fields: z.array(filled()).default([]).describe('Its fields; `kizen_id` is always there.'),
	filter_group: apiName().optional().describe('Only the records of this group.'),
});

const endings = ['completed', 'warning', 'failed', 'cancelled'] as const;

const settings = z.strictObject({
	max_concurrent_executions: z.int().min(0).default(1).describe('How many live executions run at once; 0 queues and runs none.'),
	chunk_size: z.int().min(1).max(100_000).default(5000).describe('Rows that are written together, or not at all.'),
	notification_emails: z.array(mailAddress()).default([]).describe('Who gets a mail when an execution has ended.'),
	notify_on: z
		.union([z.literal('all'), z.array(z.enum(endings))])
		.default(['failed', 'warning'])
		.describe('For which endings: a list, or `all`.'),
	notify_starter: z.boolean().default(true).describe('The person who starts a run gets a mail however it ends, dry runs too.'),
	execution_ended_webhook: z
		.strictObject({
			url: webAddress().describe('Where the execution is POSTed to.'),
			secret: secretName().describe('The secret the request is signed with.'),
			headers: requestHeaders().default({}).describe('More headers; `${secret:name}` stands for a secret.'),
		})
		.optional()
		.describe('A signed POST when an execution has ended.'),
	stop_after: z
		.strictObject({
			errors: z.int().min(1).optional().describe('So many errored rows.'),
			percent: z.number().gt(0).max(100).optional().describe('So many rows in a hundred.'),
		})
		.optional()
		.describe('A live run that goes this wrong stops at its chunk, failed. Default: never.'),
	keep_executions_days: z
		.int()
		.min(1)
		.optional()
		.describe("How long an execution's files are kept; its counts stay for ever. Default: 90."),
});

export const connectorSchema = z.strictObject({
	name: title().optional().describe("The name people read. Default: the api_name, which is the folder's name."),
	description: z.string().optional().describe('What it is for.'),
	operation: z.enum(['import', 'export']).default('import').describe('Which way the rows go.'),
	type: z.enum(connectorTypes).optional().describe('What starts it: a file, requests, or the clock. Required for an import.'),
	object: apiName().optional().describe('The primary object. Default: that of the first load step.'),
	sample_file: filled().optional().describe('The reference file, beside this one. SQL is validated on it.'),
	read: read.optional().describe('How the input file is read, where detection cannot know.'),
	sql: filled().optional().describe('The SQL file, beside this one. Only a spreadsheet of one page can do without.'),
	sql_parameters: z.record(z.string(), anyText()).default({}).describe('Names and values that SQL reads in `meta.parameters`.'),
	secrets: z.array(secretName()).default([]).describe('Secrets that SQL may use as named collections.'),
	reference_data: z.array(referenceData).default([]).describe('Existing records that SQL may read.'),
	variables: z.array(variable).default([]).describe('The typed values of a row.'),
	additional_variables: z.array(additionalVariable).default([]).describe('Typed values that are not read from the input.'),
	diff_check: z.boolean().default(false).describe('Rows that have not changed since the last successful run are skipped.'),
	load_steps: z.array(loadStep).default([]).describe('What is written, step by step; a step sees what earlier ones wrote.'),
	settings: settings.optional().describe('How it runs and who hears of it.'),
	schedule: schedule.optional().describe('When it runs: one of `every`, `cron` or `cadence`.'),
	source: source.optional().describe('Where a scheduled spreadsheet run takes its file from: one of `file`, `url` or `sql`.'),
	webhook: webhook.optional().describe('How requests are taken in, for the type webhook.'),
	export: exportTarget.optional().describe('What an export writes: the records of an `object`, or `sql` over reference data.'),
	engine: anyText()
		.meta({examples: ['26.7']})
		.optional()
		.describe('The engine version it is pinned to; another one refuses it.'),
});

export type ConnectorInput = z.output<typeof connectorSchema>;
export type SettingsInput = NonNullable<ConnectorInput['settings']>;
/** The settings of a connector that says nothing about them. */
export const defaultSettings: SettingsInput = settings.parse({});
