import * as z from 'zod';
import {filled, secretName, timezone, webAddress} from './text.js';

const retention = z.strictObject({
	after_success: z
		.enum(['keep', 'move', 'delete'])
		.default('keep')
		.describe('What becomes of the file after a successful run, once the report is on disk.'),
	to: filled().optional().describe('Where it is moved to; `{date}` is the day. Relative to the workspace.'),
	keep_failed: z.boolean().default(true).describe('The file of a failed run stays where it is.'),
	masked_sample: z
		.strictObject({
			rows: z.int().min(1).max(10_000).describe('How many rows are kept.'),
			mask: z.array(filled()).default([]).describe('Columns whose values are masked.'),
		})
		.optional()
		.describe('A few rows that stay when the file goes, with what is personal masked.'),
	keep_executions_days: z.int().min(1).optional().describe('The same as in `settings`.'),
});

const urlAuth = z.strictObject({
	basic: z
		.strictObject({user: filled().describe('The user.'), password: filled().describe('The password, such as `${secret:name}`.')})
		.optional()
		.describe('A user and a password (HTTP Basic).'),
	oauth2: z
		.strictObject({
			token_url: webAddress().describe('Where access tokens are given out.'),
			client_id: filled().describe('The client; `${secret:name}` stands for a secret.'),
			client_secret: filled().describe('Its secret, such as `${secret:name}`.'),
			scope: filled().optional().describe('What is asked for.'),
		})
		.optional()
		.describe('OAuth 2.0 client credentials. The token is kept in memory until it expires.'),
});

export const source = z.strictObject({
	file: filled().optional().describe('A path or glob. Relative to the workspace.'),
	settle: z
		.union([z.number().min(0.1).max(86_400), z.string().regex(/^[1-9]\d*\s*[smh]$/, {error: 'a duration'})])
		.meta({examples: ['2s', '5m']})
		.optional()
		.describe(
			'How long size and time of a file must rest before it is taken. Default: 2s, 60s on a network share, and longer for a file that looks as if it were still being written.',
		),
	done_marker: z
		.string()
		.trim()
		.regex(/^(?!\{file\}$)[^/{}]*\{file\}[^/{}]*$/, {error: 'a name with {file} and something else in it'})
		.meta({examples: ['{file}.ok']})
		.optional()
		.describe(
			"The file beside another that says that it is whole; `{file}` is the other's name. With it a file is taken at once, without it not at all, or, where `settle` is given, when it has rested so long.",
		),
	url: z
		.string()
		.regex(/^https?:\/\/[^\s/?#]+\S*$/, {error: 'a web address'})
		.meta({examples: ['https://example.com/feed.csv']})
		.optional()
		.describe('An HTTP address.'),
	headers: z.record(z.string(), z.string()).optional().describe('Headers of the request; `${secret:name}` stands for a secret.'),
	auth: urlAuth.optional().describe('How the request of a url proves itself.'),
	method: z.enum(['GET', 'POST']).optional().describe('The method of the request. Default: GET.'),
	body: z
		.string()
		.optional()
		.describe('The body of a POST; `${secret:name}` stands for a secret. Its type is `application/json` unless `headers` say otherwise.'),
	rows: z
		.string()
		.regex(/^(\/[^/]*)+$/, {error: 'a JSON pointer'})
		.meta({examples: ['/data', '/result/items']})
		.optional()
		.describe('Where the rows are within a JSON answer, as a JSON pointer.'),
	sql: filled().optional().describe("A query through one of the connector's `secrets`."),
	postgres: secretName().optional().describe('The secret of a PostgreSQL database; `query` is read there.'),
	mysql: secretName().optional().describe('The secret of a MySQL or MariaDB database; `query` is read there.'),
	sqlserver: secretName()
		.optional()
		.describe('The secret of a SQL Server database; `query` is read there, by the driver `tedious`, an optional install.'),
	query: filled()
		.optional()
		.describe("A SELECT in the database's own SQL. Every value arrives as the text that the database prints, in UTC."),
	freshness: z
		.union([
			z.enum(['modified_time', 'etag', 'checksum']),
			z.strictObject({
				max_timestamp: filled().optional().describe('A query whose result grows when there is something new.'),
				change_token: filled().optional().describe('A response header, or a file beside the source, whose content changes.'),
			}),
		])
		.optional()
		.describe('How it is told whether anything changed since the last run. Not changed: no execution.'),
	retention: retention.optional().describe('What becomes of the file afterwards.'),
});

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

export const schedule = z.strictObject({
	every: z.enum(['hourly', 'daily', 'weekly', 'manual_only']).optional().describe('How often it runs.'),
	on: z.enum(weekdays).optional().describe('The day of a weekly run. Default: monday.'),
	at: z
		.string()
		.regex(/^([01]?\d|2[0-3]):[0-5]\d$/, {error: 'a time of day'})
		.meta({examples: ['06:30']})
		.optional()
		.describe('The time of day; of an hourly run, the minutes count. Default: 00:00.'),
	cron: filled()
		.meta({examples: ['30 6 * * 1-5']})
		.optional()
		.describe('A cron expression, in place of `every`.'),
	cadence: z.int().min(1).optional().describe('Seconds from one run to the next, in place of `every`.'),
	timezone: timezone().optional().describe("The time zone of `at` and `cron`. Default: the workspace's."),
});

const csv = z.strictObject({
	delimiter: z.enum([',', ';', 'tab', '|', '\t']).default(',').describe('What stands between the cells: `,` `;` `tab` or `|`.'),
	bom: z
		.boolean()
		.optional()
		.describe('Whether the file begins with a byte order mark, by which Excel knows Unicode. Default: false, for UTF-16 true.'),
	decimal: z
		.enum(['.', ','])
		.default('.')
		.describe('What stands before the fraction of a number: of decimals, money, ratings and floats. Text stays as it is.'),
	line_end: z.enum(['lf', 'crlf']).default('lf').describe('What ends a row. Line breaks within a cell stay as they are.'),
	encoding: filled()
		.default('utf-8')
		.meta({examples: ['windows-1252', 'utf-16le', 'utf-8']})
		.describe('The character encoding. A character that it cannot hold fails the run, which names the row and the column.'),
});

export const exportTarget = z.strictObject({
	object: filled().optional().describe('The object whose records are written.'),
	filter_group: filled().optional().describe('Only the records of this group.'),
	fields: z.array(filled()).optional().describe('The fields that are written, in order. Default: all.'),
	sql: filled().optional().describe('A query over reference data in place of an object, or the name of a `.sql` file beside this one.'),
	format: z.enum(['csv', 'xlsx', 'jsonl', 'parquet']).default('csv').describe('The kind of file.'),
	csv: csv.optional().describe('How the text of a CSV is written, for the spreadsheet or system that reads it.'),
	to: filled().describe(
		'Where it is written, relative to the workspace; `~` is your home. `{date}`, `{time}`, `{year}`, `{month}`, `{day}`, `{hour}`, `{execution}`, `{connector}` and `{object}` are filled in by each run.',
	),
});

export type SourceInput = z.output<typeof source>;
export type ScheduleInput = z.output<typeof schedule>;
export type ExportInput = z.output<typeof exportTarget>;
