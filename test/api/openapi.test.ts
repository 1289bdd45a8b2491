import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {createClient} from '../../source/api/client.js';
import {openApiDocument, openApiText} from '../../source/api/openapi/document.js';

const {version} = JSON.parse(readFileSync('package.json', 'utf8')) as {version: string};

test('docs/reference/openapi.json is what the routes say (node scripts/write-openapi.mjs)', () => {
	expect(readFileSync('docs/reference/openapi.json', 'utf8')).toBe(openApiText(version));
});

test('every route of the contract is described, with its parameters', () => {
	const {paths} = openApiDocument(version) as {paths: Record<string, Record<string, {parameters: {name: string; in: string}[]}>>};
	const contract = readFileSync('source/api/contract.ts', 'utf8');
	const named = [...contract.matchAll(/(?:GET|POST|PUT|DELETE)\s+(\/[\w/:.]*)/g)].map(
		([, path]) => path?.replaceAll(/:(\w+)/g, '{$1}') ?? '',
	);
	expect(named.length).toBeGreaterThan(20);
	for (const path of named) expect(Object.keys(paths)).toContain(path);
	const rows = paths['/executions/{id}/tables/{table}/rows']?.get?.parameters.map(({name, in: place}) => `${place} ${name}`);
	expect(rows).toEqual(expect.arrayContaining(['path id', 'path table', 'query offset', 'query outcome', 'query sort']));
});

test('a client needs nothing but node:http: its files import no package', () => {
	const files = [
		'client',
		'connect',
		'events',
		'exchange',
		'from-json',
		'identity',
		'query',
		'socket-path',
		'api-error',
		'../platform/processes',
	];
	const imports = files.flatMap((file) =>
		[...readFileSync(`source/api/${file}.ts`, 'utf8').matchAll(/^import (?!type).*from '([^']+)';$/gm)].map(([, from]) => from ?? ''),
	);
	expect(imports.length).toBeGreaterThan(10);
	const own = (from: string): boolean => from.startsWith('./') || from.startsWith('../model/') || from === '../platform/processes.js';
	expect(imports.filter((from) => !from.startsWith('node:') && !own(from))).toEqual([]);
	expect(imports.filter((from) => from.includes('openapi') || from.includes('contract'))).toEqual([]);
	expect(createClient('/nowhere', {user: 'ann', from: 'cli'}).socket).toBe('/nowhere');
});
