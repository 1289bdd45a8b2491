import {readdirSync, readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {parse} from 'yaml';
import * as z from 'zod';
import {configurationReference} from '../../source/workspace/configuration-reference.js';
import {jsonSchemaFile, jsonSchemaOf} from '../../source/workspace/json-schema.js';
import {type FileKind, fileKinds} from '../../source/workspace/schema/kinds.js';

const kinds = Object.keys(fileKinds) as FileKind[];

test.each(kinds)('the published schema of a %s file is the one the program reads with (scripts/write-schemas.mjs)', (kind) => {
	const {name, text} = jsonSchemaFile(kind);
	expect(readFileSync(`schemas/${name}`, 'utf8')).toBe(text);
});

test('the configuration reference is current (scripts/write-schemas.mjs)', () => {
	expect(readFileSync('docs/reference/configuration.md', 'utf8')).toBe(configurationReference());
});

test('every key has a description for the editor to show', () => {
	const rows = configurationReference()
		.split('\n')
		.filter((row) => row.startsWith('| `'));
	expect(rows.length).toBeGreaterThan(120);
	expect(rows.filter((row) => /\|\s*\|$/.test(row))).toEqual([]);
});

const demo: Readonly<Record<FileKind, readonly string[]>> = {
	sluice: ['sluice.yaml'],
	object: readdirSync('fixtures/demo/objects').map((name) => `objects/${name}`),
	connector: ['connectors/vendor_products/connector.yaml', 'connectors/contacts/connector.yaml'],
	automation: ['automations/welcome.yaml'],
};

test.each(kinds)('an editor accepts the demo, and marks a key that means nothing: %s', (kind) => {
	const schema = z.fromJSONSchema(jsonSchemaOf(kind) as Parameters<typeof z.fromJSONSchema>[0]);
	for (const file of demo[kind]) {
		const content: unknown = parse(readFileSync(`fixtures/demo/${file}`, 'utf8'));
		expect(schema.safeParse(content).error, file).toBeUndefined();
		expect(schema.safeParse({...(content as object), nmae: 'x'}).success, file).toBe(false);
	}
});
