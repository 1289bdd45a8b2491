import {describe} from 'vitest';
import {connector, each} from './connector-cases.js';

describe('what starts it, and how it runs', () => {
	const source = (text: string) => connector({more: text});
	each([
		['no type', 'sample_file: sample.csv\n'.replace(/^/, '§'), ['"type" is missing', 'spreadsheet, webhook, schedule']],
		[
			'a schedule in two ways',
			source('source: {file: a}\nschedule: §{every: daily, cadence: 60}'),
			['This schedule has every and cadence', 'one of every, cron or cadence'],
		],
		['a schedule that says nothing', source('source: {file: a}\nschedule: §{timezone: UTC}'), ['This schedule does not say when']],
		[
			'a day of a daily run',
			source('source: {file: a}\nschedule: {every: daily, §on: monday}'),
			['"on" says nothing without "every: weekly"'],
		],
		[
			'a time that is none',
			source('source: {file: a}\nschedule: {every: daily, at: §"25:00"}'),
			['"25:00" is not a time of day', 'a time of day, such as 06:30'],
		],
		[
			'a time zone that is misspelt',
			source('source: {file: a}\nschedule: {every: daily, timezone: §Europe/Pariss}'),
			['"Europe/Pariss" is not a time zone. Did you mean "Europe/Paris"?'],
		],
		[
			'a zone of a cadence, which counts seconds since 1970',
			source('source: {file: a}\nschedule: {cadence: 300, §timezone: Europe/Paris}'),
			['"timezone" says nothing without "every or cron"'],
		],
		...(
			[
				['@reboot', '"@reboot" is no nickname; there are @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly'],
				['* * * *', 'it has 4 fields, not 5'],
				['0 6 * * 1 2027', '"2027" is a year, which cron has no field for'],
				['0 0 6 * * 1 2027', '"2027" is a year, which cron has no field for'],
				['0 0 0 6 * * 1', 'it has 7 fields, not 5 (or 6, the first of them seconds)'],
				['0 25 * * *', '25 is no hour: they count from 0 to 23'],
				['0 0 31 2 *', 'it never runs: February has no day 31'],
				['0 0 31 APR,6 *', 'it never runs: April and June have no day 31'],
				['*/90 * * * *', '"*/90" would run at one minute alone: they count from 0 to 59. Every 90 minutes is `cadence: 5400`'],
				['0 */36 * * *', '"*/36" would run at one hour alone: they count from 0 to 23'],
			] as const
		).map(
			([cron, why]) =>
				[
					`the cron expression ${cron}`,
					source(`source: {file: a}\nschedule: {cron: §"${cron}"}`),
					[`"${cron}" is not a cron expression: ${why}`],
				] as const,
		),
		['a schedule without a source', source('§schedule: {every: daily}'), ['A scheduled spreadsheet needs a source to take its file from']],
		[
			'a webhook key of a spreadsheet',
			source('§webhook: {cadence: 5}'),
			['"webhook" says nothing for the type spreadsheet', 'type: webhook'],
		],
		[
			'a source of two kinds',
			source('source: §{file: a, url: "https://a.example"}'),
			['This source has file and url', 'one of file, url, sql, postgres, mysql or sqlserver'],
		],
		[
			'a header whose secret is written as elsewhere',
			source('source: {url: "https://a.example", headers: {Authorization: §"Bearer ${feed}"}}'),
			['"${feed}" is not how a secret is named', '${secret:name}'],
		],
		[
			'a header whose secret lacks its dollar',
			source('source: {url: "https://a.example", headers: {Authorization: §"Bearer {secret:feed}"}}'),
			['"{secret:feed}" is not how a secret is named'],
		],
		['SQL without a secret', source('source: {sql: §SELECT 1}'), ['A source of SQL reads through a secret, and the connector names none']],
		[
			'a way to see change that does not fit',
			source('source: {file: a, freshness: §etag}'),
			['"etag" cannot tell whether a source of file has changed', 'modified_time, checksum, change_token'],
		],
		[
			'a misspelt way to see change',
			source('source: {file: a, freshness: §cheksum}'),
			['"cheksum" is not a value of "freshness". Did you mean "checksum"?', 'modified_time, etag, checksum'],
		],
		[
			'a misspelt query to see change',
			source('secrets: [db]\nsource: {sql: SELECT 1, freshness: {§max_timestmp: SELECT 2}}'),
			['Unknown key "max_timestmp". Did you mean "max_timestamp"?', 'max_timestamp, change_token'],
		],
		[
			'a move to nowhere',
			source('source: {file: a, retention: §{after_success: move}}'),
			['This does not say where the file is moved to', 'to: archive/{date}'],
		],
		[
			'files moved to an address, which would be a local folder of that name',
			source('source: {file: a, retention: {after_success: move, to: §"sftp://archive/in"}}'),
			['This is an address of sftp, not a path', 'a path on this machine'],
		],
		[
			'a file that is an address',
			source('source: {file: §"s3://bucket/*.csv"}'),
			['This is an address of s3, not a path', 'a path on this machine, or url: for http and https'],
		],
		[
			'an export to an address',
			'operation: export\nexport: {object: people, to: §"s3://bucket/{date}.csv"}\n',
			['This is an address of s3, not a path', 'a path on this machine'],
		],
		...(
			[
				['me@host:/tmp/x.csv', 'an address of another machine'],
				['s3:b/x.csv', 'an address of s3'],
				['\\\\\\\\srv\\\\share\\\\x.csv', 'an address of a Windows share'],
				['C:\\\\out\\\\x.csv', 'a path of Windows'],
				['mailto:a@b.c', 'an address of mailto'],
				['{connector}@host:/x.csv', 'an address once its placeholders are filled in'],
				['{object}://b/x.csv', 'an address once its placeholders are filled in'],
			] as const
		).map(([to, what]): readonly [string, string, readonly [string, string]] => [
			`an export to ${to}`,
			`operation: export\nexport: {object: people, to: §"${to}"}\n`,
			[`This is ${what}, not a path`, 'a path on this machine'],
		]),
		['a hidden source', source('source: {file: §"drop/.x.csv"}'), ['This names a hidden file, which is never taken']],
		['a source that is never finished', source('source: {file: §"drop/*.part"}'), ['This names a temporary file, which is never taken']],
		[
			'a marker of no file',
			source('source: {file: a, done_marker: §done.ok}'),
			['"done.ok" is not a name with {file} and something else in it'],
		],
		[
			'a marker that is the file',
			source('source: {file: a, done_marker: §"{file}"}'),
			['"{file}" is not a name with {file} and something else in it'],
		],
		['a rest of an address', source('source: {url: "https://a.example", §settle: 5}'), ['"settle" is for a source with a file']],
		['a place without a move', source('source: {file: a, retention: {§to: b}}'), ['"to" says nothing without "after_success: move"']],
		['a limit without a number', source('settings: {stop_after: §{}}'), ['"stop_after" says no number', 'errors, percent, or both']],
		[
			'reference data of an unknown field',
			source('reference_data: [{object: companies, fields: [§nmae]}]'),
			['There is no field of companies "nmae". Did you mean "name"?', 'name'],
		],
		[
			'reference data of an unknown group',
			source('reference_data: [{object: companies, filter_group: §all_of_thm}]'),
			['There is no filter group of companies "all_of_thm". Did you mean "all_of_them"?'],
		],
		[
			'reference data twice',
			source('reference_data: [{object: companies}, {object: §companies}]'),
			['"companies" is reference data already'],
		],
		['an engine version that is none', source('engine: §newest'), ['"newest" is not a version of the engine']],
		['an export key of an import', source('§export: {object: people, to: a.csv}'), ['"export" says nothing without "operation: export"']],
	]);

	each([
		[
			'an export with load steps',
			'operation: export\nexport: {object: people, to: a.csv}\n§load_steps: []\n',
			['An export has no "load_steps"', 'name, description, operation, export, schedule, settings, reference_data, secrets'],
		],
		[
			'an export of nothing',
			'operation: export\nexport: §{to: a.csv}\n',
			['This export does not say what it writes', 'one of object or sql'],
		],
		['an export without its key', '§operation: export\n', ['"export" is missing']],
		[
			'an export to a format that is none',
			'operation: export\nexport: {object: people, to: a.xls, format: §xls}\n',
			['"xls" is not a value of "format". Did you mean "xlsx"?', 'csv, xlsx, jsonl, parquet'],
		],
		[
			'how the text of a workbook is written',
			'operation: export\nexport: {object: people, to: a.xlsx, format: xlsx, §csv: {bom: true}}\n',
			['"csv" says nothing about a file of the format xlsx', 'format: csv'],
		],
		[
			'a misspelt encoding of a CSV',
			'operation: export\nexport: {object: people, to: a.csv, csv: {encoding: §windows-1225}}\n',
			['"windows-1225" is no encoding that can be written. Did you mean "windows-1252"?'],
		],
		[
			'an encoding that is only read',
			'operation: export\nexport: {object: people, to: a.csv, csv: {encoding: §iso-2022-jp}}\n',
			['"iso-2022-jp" is no encoding that can be written'],
		],
		[
			'a byte order mark where there is none',
			'operation: export\nexport: {object: people, to: a.csv, csv: {encoding: latin1, bom: §true}}\n',
			['There is no byte order mark in iso-8859-1', 'bom: false, or encoding: utf-8'],
		],
		[
			'an export of a field that does not exist',
			'operation: export\nexport: {object: people, fields: [§emial], to: a.csv}\n',
			['There is no field of people "emial". Did you mean "email"?'],
		],
	]);
});
