import {chmodSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {databaseKinds} from '../../source/model/source-kind.js';
import {readWorkspace} from '../../source/workspace/read-workspace.js';
import {expectProblems, type Told} from './marked.js';
import {read, told, workspaceOf} from './workspace-files.js';

const settings: Readonly<Record<string, readonly [yaml: string, ...told: Told[]]>> = {
	'a key that is misspelt': ['§timezon: UTC\n', ['Unknown key "timezon". Did you mean "timezone"?']],
	'a time zone that is none': ['timezone: §Europe/Pariis\n', ['"Europe/Pariis" is not a time zone. Did you mean "Europe/Paris"?']],
	'an offset for a time zone': ['timezone: §"+01:00"\n', ['"+01:00" is not a time zone']],
	'a country in words': ['default_country: §France\n', ['"France" is not a country code', 'two capital letters']],
	'a country that is none': ['default_country: §QX\n', ['There is no country "QX"']],
	'a size without a unit that is one': [
		'limits: {sql_memory: §10 gigs}\n',
		['"10 gigs" is not a size', 'a size, such as 500MB, 10GB, 64MiB'],
	],
	'a duration in days': ['limits: {sql_time: §2d}\n', ['"2d" is not a duration', 'a duration, such as 300s, 5m']],
	'no time at all': ['limits: {sql_time: §0.1s}\n', ['That is less than a second']],
	'a sandbox that is misspelt': [
		'limits: {sql_sandbox: §requird}\n',
		['"requird" is not a value of "sql_sandbox". Did you mean "required"?', 'preferred, required, off'],
	],
	'a port alone': ['http: {listen: §7420}\n', ['"listen" must be a text, not the number 7420: put it in quotes']],
	'a port that is none': ['http: {listen: §"127.0.0.1:70000"}\n', ['70000 is not a port', '1 to 65535']],
	'a mail server without its protocol': ['smtp: {url: §mail.example.com, from: a@b}\n', ['"mail.example.com" is not a mail server']],
	'a mail server with half a secret': [
		'smtp: {url: §"smtp://u:${secret:x@mail", from: a@b}\n',
		['"${secret:x@mail" is not how a secret is named', '${secret:name}'],
	],
	'a mail server with a password and a token': [
		'smtp: {url: §"smtps://u:p@mail", from: a@b, auth: {oauth2: {token_url: "https://t.example.com", client_id: c, client_secret: s}}}\n',
		['This has a password, and auth.oauth2 takes its place'],
	],
	'a sender that is missing': ['smtp: §{url: "smtp://mail"}\n', ['"from" is missing']],
	'an address that is none': ['users: {ann: §ann}\n', ['"ann" is not a mail address']],
};

describe('sluice.yaml', () => {
	for (const [name, [yaml, ...found]] of Object.entries(settings)) test(name, () => expectProblems({'sluice.yaml': yaml}, found));

	test('an empty file is every default', async () => {
		const workspace = await read({'sluice.yaml': ''});
		expect(told(workspace)).toEqual([]);
		expect(workspace.settings).toEqual({
			name: workspace.dir.split('/').at(-1),
			environment: null,
			timezone: 'UTC',
			defaultCountry: null,
			storeFile: join(workspace.dir, '.sluice/sluice.db'),
			smtp: null,
			http: null,
			publicUrl: null,
			httpAllowHosts: [],
			outgoing: {proxy: null, noProxy: null, caFile: null},
			api: null,
			users: {},
			access: null,
			limits: {
				maxRunningExecutions: 2,
				maxInputBytes: 500_000_000,
				sqlMemoryBytes: 10_000_000_000,
				sqlTimeSeconds: 300,
				sqlRows: 10_000_000,
				sqlThreads: 4,
				sqlDiskBytes: 20_000_000_000,
				sqlSandbox: 'preferred',
			},
		});
	});

	test('a file that is all comments and empty keys is every default too', async () => {
		const workspace = await read({'sluice.yaml': '# limits\nlimits:\n#  sql_time: 5s\nhttp:\n'});
		expect(told(workspace)).toEqual([]);
		expect(workspace.settings.limits.sqlTimeSeconds).toBe(300);
	});

	test('sizes, durations and addresses are read as people write them', async () => {
		const {settings, dir} = await read({
			'sluice.yaml': `name: Acme
environment: production
default_country: FR
store: {sqlite: data/records.db}
http: {listen: "[::1]:7420", allow_hosts: [intranet]}
api: {listen: "127.0.0.1:7421", token: api_token}
access: {group: ops}
users: {ann: ann@example.com}
limits: {max_input_bytes: 64MiB, sql_memory: 1.5GB, sql_time: 5m, sql_rows: 1000}
`,
		});
		expect(settings).toMatchObject({
			name: 'Acme',
			environment: 'production',
			defaultCountry: 'FR',
			storeFile: join(dir, 'data/records.db'),
			http: {listen: {host: '::1', port: 7420}},
			httpAllowHosts: ['intranet'],
			api: {listen: {host: '127.0.0.1', port: 7421}, token: 'api_token'},
			access: {group: 'ops'},
			users: {ann: 'ann@example.com'},
			limits: {maxInputBytes: 67_108_864, sqlMemoryBytes: 1_500_000_000, sqlTimeSeconds: 300, sqlRows: 1000},
		});
	});

	test('production is meant by every spelling and beginning of its name, and by no other name', async () => {
		const environmentOf = async (name: string) => (await read({'sluice.yaml': `environment: ${name}\n`})).settings.environment;
		for (const name of ['production', 'Production', 'PRODUCTION', 'prod', 'Prod', 'prd', 'p', 'producton', 'Produktion'])
			expect(await environmentOf(name)).toBe('production');
		for (const name of ['test', 'staging', 'preproduction', 'pre-prod', 'Demo']) expect(await environmentOf(name)).toBe(name);
	});

	test('what is wrong leaves its default, and the rest as it is written', async () => {
		const {settings} = await read({'sluice.yaml': 'timezone: Nowhere\nlimits: {sql_rows: many, sql_threads: 2}\n'});
		expect(settings.timezone).toBe('UTC');
		expect(settings.limits).toMatchObject({sqlRows: 10_000_000, sqlThreads: 2});
	});
});

const people = 'fields: [{api_name: email, type: email, identifier: true}]\n';

const automations: Readonly<Record<string, readonly [yaml: string, ...told: Told[]]>> = {
	'a trigger that is misspelt': [
		'trigger: §record_create\nobject: people\naction: log\n',
		['"record_create" is not a value of "trigger". Did you mean "record_created"?'],
	],
	'an object that does not exist': [
		'trigger: manual\nobject: §poeple\naction: log\n',
		['There is no object "poeple". Did you mean "people"?'],
	],
	'a trigger without an object': [
		'§trigger: record_created\naction: log\n',
		['"object" is missing: whose records fire it?', 'object: people'],
	],
	'a field that is missing': ['§trigger: field_updated\nobject: people\naction: log\n', ['"field" is missing: whose change fires it?']],
	'a field that does not exist': [
		'trigger: field_updated\nobject: people\nfield: §emial\naction: log\n',
		['There is no field of people "emial". Did you mean "email"?'],
	],
	'a field that says nothing': [
		'trigger: manual\nobject: people\n§field: email\naction: log\n',
		['"field" says nothing for the trigger manual'],
	],
	'an action that is misspelt': [
		'trigger: manual\naction: {§htp: {url: "https://a.example"}}\n',
		['Unknown key "htp". Did you mean "http"?', 'http, log'],
	],
	'an action that is no word for one': ['trigger: manual\naction: §lgo\n', ['"lgo" is not a value of "action". Did you mean "log"?']],
	'a header that the signature is in': [
		'trigger: manual\naction: {http: {url: "https://a.example", headers: {§Webhook-Signature: x}}}\n',
		['Sluice makes the header "Webhook-Signature" itself', 'the name of another header, such as Authorization'],
	],
	'an address that is none': [
		'trigger: manual\naction: {http: {url: §example.com}}\n',
		['"example.com" is not a web address', 'a web address, such as https://example.com/hook'],
	],
	'two actions': ['trigger: manual\naction: §{log: {}, http: {url: "https://a.example"}}\n', ['An automation has one action']],
};

describe('an automation', () => {
	for (const [name, [yaml, ...found]] of Object.entries(automations)) {
		test(name, () => expectProblems({'objects/people.yaml': people, 'automations/a.yaml': yaml}, found));
	}

	test('is read with its defaults', async () => {
		const {automations: found} = await read({
			'objects/people.yaml': people,
			'automations/a.yaml': 'trigger: record_created\nobject: people\naction: {http: {url: "https://a.example", secret: k}}\n',
			'automations/b.yaml': 'trigger: manual\naction: log\n',
		});
		expect(found).toEqual([
			{
				apiName: 'a',
				name: 'a',
				trigger: 'record_created',
				object: 'people',
				field: null,
				action: {http: {url: 'https://a.example', secret: 'k', headers: {}}},
			},
			{apiName: 'b', name: 'b', trigger: 'manual', object: null, field: null, action: {log: {message: null}}},
		]);
	});
});

describe('files and folders', () => {
	test('names that are no api_name, and files that are not read, are told', async () => {
		const workspace = await read({
			'objects/People.yaml': people,
			'objects/things.yml': people,
			'connectors/my-connector/connector.yaml': '',
			'connectors/empty/readme.md': '',
		});
		expect(told(workspace)).toEqual([
			'objects/People.yaml:1:1  "People" is not an api_name [a lower-case letter, then up to 62 lower-case letters, digits or underscores]',
			'objects/things.yml:1:1  This file is not read: its name must end in .yaml [things.yaml]',
			'connectors/my-connector/connector.yaml:1:1  "my-connector" is not an api_name [a lower-case letter, then up to 62 lower-case letters, digits or underscores]',
			'connectors/empty/connector.yaml:1:1  There is no connector.yaml here',
		]);
	});

	test('what editors and systems leave behind is not read', async () => {
		const workspace = await read({
			'objects/people.yaml': people,
			'objects/.people.yaml.swp': 'x',
			'objects/people.yaml~': 'x',
			'objects/#people.yaml#': 'x',
			'connectors/.git/config': 'x',
			'connectors/README.md': 'x',
		});
		expect(told(workspace)).toEqual([]);
		expect(workspace.objects.map(({apiName}) => apiName)).toEqual(['people']);
	});

	test('a file that may not be read is a problem of its own', async () => {
		if (process.getuid?.() === 0) return;
		const dir = workspaceOf({'objects/people.yaml': people});
		chmodSync(join(dir, 'objects/people.yaml'), 0o000);
		expect(told(await readWorkspace(dir))).toEqual(['objects/people.yaml:1:1  This file cannot be read: check who may read it']);
	});

	test('a folder without sluice.yaml is no workspace', async () => {
		const dir = mkdtempSync(join(tmpdir(), 'sluice-none-'));
		onTestFinished(() => rmSync(dir, {recursive: true}));
		mkdirSync(join(dir, 'objects'));
		await expect(readWorkspace(dir)).rejects.toMatchObject({code: 'workspace.missing', where: dir});
	});

	test('content of any kind is a problem, never a crash', async () => {
		const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
			.split('')
			.map((name, index) => `${name}: &${name} [${Array.from({length: 10}, () => `*${'abcdefg'[index]}`).join(',')}]`)
			.join('\n')}\n`;
		const workspace = await read({
			'objects/deep.yaml': '['.repeat(20_000),
			'objects/round.yaml': 'fields: &a [*a]\n',
			'objects/bomb.yaml': bomb,
			'objects/binary.yaml': '\u0000\u0001\uFFFD\u0007',
			'objects/proto.yaml': `__proto__: {fields: 1}\n${people}`,
			'objects/large.yaml': 'x'.repeat(1_000_001),
		});
		const files = new Set(workspace.problems.map(({file}) => file));
		expect([...files].sort()).toEqual(['binary', 'bomb', 'deep', 'large', 'proto', 'round'].map((name) => `objects/${name}.yaml`));
		expect(workspace.objects).toEqual([]);
	});
});

test('the secret of each kind of database counts as one that the connector needs', async () => {
	for (const kind of databaseKinds) {
		const yaml = `name: Feed\ntype: spreadsheet\nobject: items\nsource: {${kind}: shop_db, query: "SELECT 1 AS a"}\n`;
		const {connectors} = await read({'connectors/feed/connector.yaml': yaml, 'connectors/feed/sample.csv': 'a\n1\n'});
		expect(connectors[0]?.secretUses).toMatchObject([{secret: 'shop_db', line: 4}]);
	}
});
