import {mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {allSecrets, hiding} from '../../source/daemon/secrets/all-secrets.js';
import {connectorSecrets} from '../../source/daemon/secrets/connector-secrets.js';
import {keyFile, nameKey} from '../../source/daemon/secrets/key-file.js';
import {Vault} from '../../source/daemon/secrets/vault.js';

let folder: string;
const vault = (environment: NodeJS.ProcessEnv = {}) =>
	new Vault(join(folder, 'secrets.json'), join(folder, 'elsewhere', 'keys', 'w.key'), environment);

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'sluice-vault-'));
});

afterEach(() => rmSync(folder, {recursive: true}));

test('a secret comes back, and stands nowhere in the clear', () => {
	vault().set('vendor_db', 'correct horse battery');
	expect(vault().read('vendor_db')).toBe('correct horse battery');
	expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).not.toContain('horse');
	expect(statSync(join(folder, 'elsewhere', 'keys', 'w.key')).mode & 0o777).toBe(0o600);
	expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
});

test('the environment comes first, and both are listed by name alone', () => {
	vault().set('hook', 'from the store');
	const both = vault({SLUICE_SECRET_HOOK: 'from outside', SLUICE_SECRET_FEED: 'x'});
	expect(both.read('hook')).toBe('from outside');
	expect(both.list()).toEqual([
		{name: 'feed', from: 'environment'},
		{name: 'hook', from: 'environment'},
	]);
	expect(vault().list()).toEqual([{name: 'hook', from: 'store'}]);
});

test('the line ends that a file or a pipe adds to a secret are no part of it, those within it are', () => {
	vault().set('pem', '-----BEGIN-----\nabc\n-----END-----\n');
	expect(vault().read('pem')).toBe('-----BEGIN-----\nabc\n-----END-----');
	expect(vault({SLUICE_SECRET_HOOK: ' a token \r\n'}).read('hook')).toBe(' a token ');
});

test('another key opens nothing, and a secret cannot take the place of another', () => {
	vault().set('one', 'first secret');
	vault().set('two', 'second secret');
	const file = join(folder, 'secrets.json');
	const {one, two} = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
	writeFileSync(file, JSON.stringify({one: two, two}));
	expect(vault().read('two')).toBe('second secret');
	expect(() => vault().read('one')).toThrow(expect.objectContaining({code: 'secret.invalid'}));
	writeFileSync(file, JSON.stringify({one, two}));
	const stranger = new Vault(join(folder, 'secrets.json'), join(folder, 'other.key'), {});
	expect(() => stranger.read('two')).toThrow(expect.objectContaining({code: 'secret.invalid'}));
});

test('a secret is a flat object of texts, and its value is hidden wherever it stands', () => {
	vault().set('db', '{"host":"db.example.com","port":5432,"password":"p&ssw0rd-long"}');
	const {secrets, redact} = connectorSecrets(vault(), {secrets: ['db', 'missing']});
	expect(secrets).toEqual({db: {host: 'db.example.com', port: '5432', password: 'p&ssw0rd-long'}});
	expect(redact('cannot reach db.example.com with p&ssw0rd-long or p%26ssw0rd-long')).toBe('cannot reach db.example.com with *** or ***');
});

test('a secret that another key set is listed as one to be set again, and keeps no other from being read', () => {
	vault().set('one', 'first secret');
	const key = join(folder, 'elsewhere', 'keys', 'w.key');
	rmSync(key);
	vault().set('two', 'second secret');
	expect(vault().list()).toEqual([
		{name: 'one', from: 'store', unreadable: true},
		{name: 'two', from: 'store'},
	]);
	expect([vault().unreadable(), vault().readIfOpen('one'), vault().read('two')]).toEqual([['one'], null, 'second secret']);
	expect(allSecrets(vault())('a second secret stays hidden')).toBe('a *** stays hidden');
	vault().set('one', 'again');
	expect(vault().unreadable()).toEqual([]);
	const asked = vault();
	expect(asked.unreadable()).toEqual([]);
	renameSync(key, `${key}.away`);
	expect(asked.unreadable()).toEqual(['one', 'two']);
	renameSync(`${key}.away`, key);
	expect(asked.unreadable()).toEqual([]);
});

test('a folder of keys that cannot be looked into holds up nothing while no secret needs it', () => {
	const places = new Vault(join(folder, 'secrets.json'), join(folder, 'file', 'keys', 'w.key'), {});
	writeFileSync(join(folder, 'file'), '');
	expect(places.list()).toEqual([]);
	expect(allSecrets(places)('said')).toBe('said');
	expect(hiding(places)('a text that is long enough')).toBe('a text that is long enough');
});

test.each(['', '\n', 'abc', 'z'.repeat(64)])('setting a secret cures a key file that holds %j', (text) => {
	vault().set('one', 'first secret');
	const key = join(folder, 'elsewhere', 'keys', 'w.key');
	writeFileSync(key, text);
	expect(() => vault().read('one')).toThrow(
		expect.objectContaining({code: 'secret.invalid', message: expect.stringContaining('the key file is damaged')}),
	);
	vault().set('one', 'second secret');
	expect(vault().read('one')).toBe('second secret');
	expect(readFileSync(`${key}.damaged`, 'utf8')).toBe(text);
});

test('setting a secret cures a store that is no JSON, and what was known before stays hidden until then', () => {
	const known = vault();
	known.set('one', 'first secret');
	expect(allSecrets(known)('first secret')).toBe('***');
	writeFileSync(join(folder, 'secrets.json'), '{"one":');
	expect(allSecrets(known)('first secret, and a text')).toBe('***, and a text');
	known.set('two', 'second secret');
	expect(known.list()).toEqual([{name: 'two', from: 'store'}]);
});

test('a workspace that is moved, or was moved before it had an id, keeps its key', () => {
	const environment = {XDG_CONFIG_HOME: join(folder, 'config')};
	const at = (workspace: string) => ({workspace, workspaceId: join(folder, 'workspace-id')});
	const open = (workspace: string) => new Vault(join(folder, 'secrets.json'), keyFile(at(workspace), environment), {});
	const name = (workspace: string) => nameKey(at(workspace), open(workspace).opener, environment);
	open('/data/old').set('hook', 'a long secret');
	expect(open('/data/new').unreadable()).toEqual(['hook']);
	name('/data/new');
	expect(open('/data/new').read('hook')).toBe('a long secret');
	name('/data/newer');
	expect(open('/data/newer').read('hook')).toBe('a long secret');
	expect(keyFile(at('/data/newer'), environment)).toBe(keyFile(at('/data/old'), environment));
});
