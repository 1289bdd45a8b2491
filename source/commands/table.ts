import {executionStatuses} from '../model/execution.js';
import {outcomes} from '../model/outcome.js';
import type {Command, Flag} from './command.js';

const confirm: Flag = {type: 'string', value: 'CONNECTOR', summary: 'the connector’s name, asked for on a production workspace'};
const to: Flag = {type: 'string', value: 'PATH', summary: 'where to write it (default: the current folder)'};
const find: Flag = {type: 'string', value: 'TEXT', summary: 'only those that hold this text'};
const offset: Flag = {type: 'number', value: 'N', summary: 'leave out the first N'};
const limit: Flag = {type: 'number', value: 'N', summary: 'at most N (0: all)'};

/** Flags that every command takes. */
export const commonFlags: Readonly<Record<string, Flag>> = {
	workspace: {type: 'string', value: 'DIR', summary: 'the workspace (default: the nearest folder upward with sluice.yaml)'},
	json: {type: 'boolean', summary: 'print JSON'},
	help: {type: 'boolean', summary: 'print this help'},
	version: {type: 'boolean', summary: 'print the version'},
};

/** Every command, in the order help shows them (SPEC 13). */
export const commands: readonly Command[] = [
	{
		name: 'init',
		words: '[dir]',
		summary: 'a new workspace',
		flags: {},
		load: async () => (await import('./init.js')).init,
	},
	{
		name: 'demo',
		words: '[dir]',
		summary: 'a workspace with sample data, run dry and live',
		flags: {},
		load: async () => (await import('./demo.js')).demo,
	},
	{
		name: 'validate',
		words: '[connector]',
		summary: 'all problems of the configuration',
		flags: {},
		load: async () => (await import('./validate.js')).validate,
	},
	{
		name: 'infer',
		words: '<connector>',
		summary: 'propose variables from the sample file',
		flags: {write: {type: 'boolean', summary: 'append them to connector.yaml'}},
		load: async () => (await import('./infer.js')).infer,
	},
	{
		name: 'run',
		words: '<connector>',
		summary: 'start an execution and watch it',
		flags: {
			input: {type: 'string', value: 'FILE', summary: 'the file to read (default: the source, else the sample of a dry run)'},
			'dry-run': {type: 'boolean', summary: 'do everything but write'},
			'no-diff-check': {type: 'boolean', summary: 'take unchanged rows again'},
			'accept-incomplete': {type: 'boolean', summary: 'dry run a connector that is not complete yet'},
			notify: {type: 'string', value: 'ADDRESS', summary: 'mail the result to this address too'},
			detach: {type: 'boolean', summary: 'return at once'},
			confirm,
		},
		load: async () => (await import('./run.js')).run,
	},
	{
		name: 'status',
		words: '',
		summary: 'what runs, what waits, what needs you',
		flags: {},
		load: async () => (await import('./status.js')).status,
	},
	{
		name: 'executions',
		words: '[connector]',
		summary: 'past and present executions, newest first',
		flags: {
			status: {type: 'string', value: 'S', summary: 'queued, running, completed, warning, failed or cancelled', oneOf: executionStatuses},
			mode: {type: 'string', value: 'M', summary: 'live or dry', oneOf: ['live', 'dry']},
			object: {type: 'string', value: 'O', summary: 'only those that write this object'},
			operation: {type: 'string', value: 'import|export', summary: 'only imports or exports', oneOf: ['import', 'export']},
			offset,
			limit,
		},
		load: async () => (await import('./executions.js')).executions,
	},
	{
		name: 'show',
		words: '<execution>',
		summary: 'one execution with its stages',
		flags: {follow: {type: 'boolean', summary: 'watch it until it ends'}},
		load: async () => (await import('./show.js')).show,
	},
	{
		name: 'logs',
		words: '<execution>',
		summary: 'the log of an execution',
		flags: {offset, limit},
		load: async () => (await import('./logs.js')).logs,
	},
	{
		name: 'ack',
		words: '<execution>',
		summary: 'acknowledge a failure',
		flags: {},
		load: async () => (await import('./ack.js')).ack,
	},
	{
		name: 'find',
		words: '<text>',
		summary: 'the rows of past executions that hold a value',
		flags: {
			connector: {type: 'string', value: 'C', summary: 'only this connector'},
			since: {type: 'string', value: 'D', summary: 'only executions since this day (YYYY-MM-DD), or the last N days (7d)'},
			limit,
		},
		load: async () => (await import('./find.js')).find,
	},
	{
		name: 'tables',
		words: '<execution>',
		summary: 'the tables of an execution',
		flags: {},
		load: async () => (await import('./tables.js')).tables,
	},
	{
		name: 'rows',
		words: '<execution> <table>',
		summary: 'the rows of a table',
		flags: {
			outcome: {type: 'string', value: 'O', summary: 'created, updated, skipped or errored', oneOf: outcomes},
			find,
			offset,
			limit: {type: 'number', value: 'N', summary: 'at most N (default 200; 0: all)'},
		},
		load: async () => (await import('./rows.js')).rows,
	},
	{
		name: 'explain',
		words: '<execution>',
		summary: 'one row through every stage',
		flags: {
			row: {type: 'number', value: 'N', summary: 'the row, from 1'},
			scope: {type: 'string', value: 'S', summary: 'its scope, where there are several'},
		},
		load: async () => (await import('./explain.js')).explain,
	},
	{
		name: 'report',
		words: '<execution>',
		summary: 'the report workbook',
		flags: {to},
		load: async () => (await import('./artifact.js')).artifact('report'),
	},
	{
		name: 'sql-output',
		words: '<execution>',
		summary: 'the SQL output as a zip of CSV files',
		flags: {to, 'safe-csv': {type: 'boolean', summary: 'prefix cells that a spreadsheet would run'}},
		load: async () => (await import('./artifact.js')).artifact('sql_output'),
	},
	{
		name: 'input',
		words: '<execution>',
		summary: 'the input file as it was received',
		flags: {to},
		load: async () => (await import('./artifact.js')).artifact('input'),
	},
	{
		name: 'activate',
		words: '<connector> [id...]',
		summary: 'let a connector run live',
		flags: {
			'keep-all': {type: 'boolean', summary: 'keep every queued execution'},
			'cancel-all': {type: 'boolean', summary: 'cancel every queued execution'},
			cancel: {type: 'strings', value: 'ID', summary: 'cancel these, keep the others'},
			revision: {type: 'number', value: 'R', summary: 'the list this decides about'},
		},
		load: async () => (await import('./activate.js')).activate,
	},
	{
		name: 'deactivate',
		words: '<connector>',
		summary: 'stop a connector; its running execution goes back to the queue',
		flags: {},
		load: async () => (await import('./deactivate.js')).deactivate,
	},
	{
		name: 'queue',
		words: '<connector>',
		summary: 'what waits, with its revision',
		flags: {},
		load: async () => (await import('./queue.js')).queue,
	},
	{
		name: 'cancel',
		words: '<execution>...',
		summary: 'cancel queued or running executions',
		flags: {confirm},
		load: async () => (await import('./cancel.js')).cancel,
	},
	{
		name: 'rerun',
		words: '<execution>',
		summary: 'run the same input again, or only its failed rows',
		flags: {
			rows: {type: 'string', value: 'failed', summary: 'only rows that errored or were skipped as invalid', oneOf: ['failed']},
			'dry-run': {type: 'boolean', summary: 'do everything but write'},
			detach: {type: 'boolean', summary: 'return at once'},
			confirm,
		},
		load: async () => (await import('./rerun.js')).rerun,
	},
	{
		name: 'records',
		words: '<object>',
		summary: 'what is in the store',
		flags: {
			find,
			where: {type: 'strings', value: 'F=V', summary: 'only those whose field holds this value (several: all must hold)'},
			archived: {type: 'boolean', summary: 'archived ones too'},
			offset,
			limit,
		},
		load: async () => (await import('./records.js')).records,
	},
	{
		name: 'archive',
		words: '<object> <identifier>...',
		summary: 'archive records by identifier or id',
		flags: {},
		load: async () => (await import('./archive.js')).archive('archive'),
	},
	{
		name: 'unarchive',
		words: '<object> <identifier>...',
		summary: 'bring archived records back',
		flags: {},
		load: async () => (await import('./archive.js')).archive('unarchive'),
	},
	{
		name: 'history',
		words: '[connector]',
		summary: 'who did what, newest first',
		flags: {offset, limit},
		load: async () => (await import('./history.js')).history,
	},
	{
		name: 'deliveries',
		words: '',
		summary: 'mails and webhooks with their attempts',
		flags: {redeliver: {type: 'string', value: 'ID', summary: 'send this one again'}},
		load: async () => (await import('./deliveries.js')).deliveries,
	},
	{
		name: 'secret',
		words: '<set|list|remove> [name]',
		summary: 'the workspace’s secrets: set asks for the value, or reads it from a pipe',
		flags: {},
		load: async () => (await import('./secret.js')).secret,
	},
	{
		name: 'daemon',
		words: '<run|start|stop|status>',
		summary: 'the workspace’s daemon',
		flags: {idle: {type: 'boolean', summary: 'end after 15 idle minutes (run)'}},
		load: async () => (await import('./daemon.js')).daemon,
	},
	{
		name: 'doctor',
		words: '',
		summary: 'check the installation',
		flags: {},
		load: async () => (await import('./doctor.js')).doctor,
	},
	{
		name: 'backup',
		words: '<file>',
		summary: 'a consistent copy of records and history while running',
		flags: {},
		load: async () => (await import('./backup.js')).backup,
	},
	{
		name: 'completion',
		words: '<bash|zsh|fish>',
		summary: 'shell completion',
		flags: {},
		load: async () => (await import('./completion.js')).completion,
	},
];
