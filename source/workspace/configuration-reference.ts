import {type JsonSchema, jsonSchemaOf} from './json-schema.js';
import {type FileKind, fileKinds} from './schema/kinds.js';

const introduction = `# Configuration reference

Every key of every file of a workspace. \`sluice validate\` checks the files; editors complete and check them by the JSON Schemas in \`schemas/\`,
from which this page is generated: change the descriptions there (\`source/workspace/schema/\`), then run \`npm run build && node scripts/write-schemas.mjs\`.
`;

/** \`docs/reference/configuration.md\`: a table of keys for each kind of file. */
export function configurationReference(): string {
	const chapters = (Object.keys(fileKinds) as FileKind[]).map((kind) => chapter(kind));
	return [introduction, ...chapters].join('\n');
}

function chapter(kind: FileKind): string {
	const {path, title, about} = fileKinds[kind];
	const schema = jsonSchemaOf(kind);
	const rows = keysUnder(schema, '', schema);
	const header = ['| key | value | default | meaning |', '| --- | --- | --- | --- |'];
	return [`## ${title}: \`${path}\``, '', about, '', ...header, ...rows, ''].join('\n');
}

/** A row for each key, those of nested maps below it: `load_steps[].matching[].field`. */
function keysUnder(schema: JsonSchema, prefix: string, root: JsonSchema): readonly string[] {
	const required = new Set(schema.required ?? []);
	return Object.entries(schema.properties ?? {}).flatMap(([key, written]) => {
		if (typeof written === 'boolean') return [];
		const property = resolved(written, root);
		const path = `${prefix}${key}`;
		const given = property.default === undefined ? (required.has(key) ? 'required' : '') : inline(property.default);
		const row = `| \`${path}\` | ${valueWords(property)} | ${given} | ${cell(property.description ?? '')} |`;
		return [row, ...nested(property, path, root)];
	});
}

function nested(property: JsonSchema, path: string, root: JsonSchema): readonly string[] {
	const items = property.items;
	// why: what refers to a definition from a list is a definition inside itself, described where it stands first.
	if (items && !Array.isArray(items) && typeof items !== 'boolean') return items.$ref ? [] : nested(items, `${path}[]`, root);
	return [property, ...(property.anyOf ?? [])].flatMap((branch) => (branch.properties ? keysUnder(branch, `${path}.`, root) : []));
}

/** A reference as what it leads to; what stands beside it counts more. */
function resolved({$ref, allOf, ...own}: JsonSchema, root: JsonSchema): JsonSchema {
	const reference = $ref ?? allOf?.find((part) => part.$ref)?.$ref;
	const found = new Map<string, JsonSchema | boolean>(Object.entries(root.definitions ?? {})).get(reference?.split('/').at(-1) ?? '');
	return found === undefined || typeof found === 'boolean' ? own : {...found, ...own};
}

function valueWords(schema: JsonSchema): string {
	if (schema.enum) return schema.enum.map(inline).join(' ');
	if (schema.const !== undefined) return inline(schema.const);
	if (schema.$ref) return 'map';
	if (Array.isArray(schema.type)) return schema.type.map((type: string) => valueWords({type: type as 'string'})).join(' or ');
	if (schema.anyOf) return [...new Set(schema.anyOf.map(valueWords))].join(' or ');
	if (schema.type === 'array') {
		const {items} = schema;
		const item = items && !Array.isArray(items) && typeof items !== 'boolean' ? valueWords(items) : 'value';
		return `list of ${item}`;
	}
	if (schema.type === 'object') return schema.properties ? 'map' : 'map of names and values';
	return {integer: 'whole number', number: 'number', boolean: 'true or false', string: 'text'}[String(schema.type)] ?? 'value';
}

function inline(value: unknown): string {
	const isBare = typeof value === 'string' && value.trim() !== '';
	return `\`${cell(isBare ? value : JSON.stringify(value))}\``;
}

/** A bar would end the cell. */
function cell(text: string): string {
	return text.replaceAll('|', '\\|');
}
