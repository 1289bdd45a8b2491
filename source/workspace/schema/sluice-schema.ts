import * as z from 'zod';
import {defaultLimits} from '../../model/limits.js';
import {filled, mailAddress, secretName, size, timezone, title, webAddress} from './text.js';

const duration = () =>
	z.union([z.int().min(1), z.string().regex(/^\d+(\.\d+)?\s*[smh]$/, {error: 'a duration'})]).meta({examples: ['300s', '5m']});

const listen = () =>
	z
		.string()
		.regex(/^(\[[0-9a-fA-F:.]+\]|[^\s:[\]]+):\d{1,5}$/, {error: 'an address to listen on: host:port'})
		.meta({examples: ['127.0.0.1:7420']});

const limits = z.strictObject({
	max_running_executions: z
		.int()
		.min(1)
		.default(defaultLimits.maxRunningExecutions)
		.describe('How many executions run at once on this machine.'),
	max_input_bytes: size().default('500MB').describe('The largest input file.'),
	sql_memory: size().default('10GB').describe('The memory the SQL engine may take, tables in memory included.'),
	sql_disk: size().default('20GB').describe('The disk that the SQL of one execution may fill with tables and temporary files.'),
	sql_time: duration().default('300s').describe('How long the SQL of one execution may run, the views it leaves included.'),
	sql_rows: z
		.int()
		.min(1)
		.default(defaultLimits.sqlRows)
		.describe('How many rows one statement of the SQL may read, and a table that it leaves may hold.'),
	sql_threads: z.int().min(1).max(1024).default(defaultLimits.sqlThreads).describe('How many threads the SQL engine may use.'),
	sql_sandbox: z
		.enum(['preferred', 'required', 'off'])
		.default(defaultLimits.sqlSandbox)
		.describe(
			'The operating-system sandbox around the SQL engine: used where the machine has one, required, or off. A connector with SQL and secrets is not activated without one unless it is off.',
		),
});

export const sluiceSchema = z.strictObject({
	name: title().optional().describe("The workspace's name. Default: the folder's."),
	environment: title()
		.optional()
		.describe('Shown everywhere. `production`, in any case and shortened (`prod`) too, asks more before live runs and cancels.'),
	timezone: timezone().default('UTC').describe('How times without an offset are read, and when schedules run.'),
	default_country: z
		.string()
		.regex(/^[A-Z]{2}$/, {error: 'a country code: two capital letters'})
		.meta({examples: ['FR', 'US']})
		.optional()
		.describe('The country of phone numbers without an international prefix: two capital letters.'),
	store: z
		.strictObject({sqlite: filled().default('.sluice/sluice.db').describe('The file records are kept in. Relative to the workspace.')})
		.optional()
		.describe('Where records live.'),
	smtp: z
		.strictObject({
			url: z
				.string()
				.regex(/^smtps?:\/\/\S+$/, {error: 'a mail server'})
				.meta({examples: ['smtps://user:${secret:smtp}@mail.example.com']})
				.describe('The mail server; `${secret:name}` stands for a secret.'),
			from: z.string().min(3).describe('The sender of its mails.'),
			auth: z
				.strictObject({
					oauth2: z
						.strictObject({
							token_url: webAddress().describe('Where access tokens are given out.'),
							client_id: filled().describe('The client; `${secret:name}` stands for a secret.'),
							client_secret: filled().describe('Its secret, such as `${secret:name}`.'),
							refresh_token: filled()
								.optional()
								.describe('A refresh token, such as `${secret:name}`. Without one the client asks in its own name (client credentials).'),
							scope: filled().optional().describe('What is asked for.'),
						})
						.describe(
							'OAuth 2.0. The token is for the user in `url`, else for the address of `from`, and is kept in memory until it expires.',
						),
				})
				.optional()
				.describe('In place of a password in `url`.'),
		})
		.optional()
		.describe('The mail server. Without one, mails are written to `.sluice/outbox/`.'),
	http: z
		.strictObject({
			listen: listen().optional().describe('Where webhooks are taken in. Off when absent.'),
			public_url: z
				.string()
				.regex(/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/, {error: 'a web address without a query'})
				.meta({examples: ['https://hooks.example.com']})
				.optional()
				.describe('The address that senders of webhooks reach this listener at, before `/hooks/`. Some of them sign it.'),
			allow_hosts: z.array(filled()).default([]).describe('Hosts that outgoing requests may reach although their address is private.'),
			proxy: z
				.string()
				.regex(/^https?:\/\/[^/]+\/?$/, 'an address such as http://proxy.example.com:3128')
				.optional()
				.describe(
					'The proxy for outgoing requests; may hold `${secret:name}`. Where absent, `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY` of the environment.',
				),
			no_proxy: z
				.array(filled())
				.optional()
				.describe(
					'Hosts that are reached without the proxy: `host`, `host:port`, `.domain`, `*`. Where absent, `NO_PROXY` of the environment.',
				),
			ca: filled().optional().describe('A file of certificates (PEM) of authorities that outgoing requests trust besides the public ones.'),
		})
		.optional()
		.describe('Webhooks in, requests out.'),
	api: z
		.strictObject({
			listen: listen().describe('Where the API is served besides the Unix socket.'),
			token: secretName().describe('The secret that holds the token of `Authorization: Bearer`.'),
			hosts: z
				.array(filled())
				.default([])
				.describe('Names that clients may call it by, such as that of a proxy. Addresses, `localhost` and the host of `listen` always.'),
		})
		.optional()
		.describe('The API over TCP. Off when absent.'),
	users: z.record(z.string().min(1), mailAddress()).default({}).describe('Mail addresses by login.'),
	access: z
		.strictObject({group: filled().describe('Members of this group may use the workspace too.')})
		.optional()
		.describe('Who else may use the workspace.'),
	limits: limits.optional().describe('What one execution may take.'),
});

export type SluiceInput = z.output<typeof sluiceSchema>;
export type LimitsInput = NonNullable<SluiceInput['limits']>;
/** The limits of a workspace that says nothing about them. */
export const defaultLimitsInput: LimitsInput = limits.parse({});
