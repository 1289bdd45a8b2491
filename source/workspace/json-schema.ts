import * as z from 'zod';
import {type FileKind, fileKinds} from './schema/kinds.js';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The JSON Schema of a kind of file, for editors to complete and check with (SPEC 2). Draft 7 is what YAML editors know best. */
export function jsonSchemaOf(kind: FileKind): JsonSchema {
	const {schema, path, title, about} = fileKinds[kind];
	const shape: JsonSchema = z.toJSONSchema(schema, {target: 'draft-7', io: 'input'});
	return {title: `${title} of Sluice: ${path}`, description: about, ...shape};
}

/** The published file of a kind, as it is written to `schemas/`. */
export function jsonSchemaFile(kind: FileKind): {readonly name: string; readonly text: string} {
	return {name: `${kind}.schema.json`, text: `${JSON.stringify(jsonSchemaOf(kind), null, '\t')}\n`};
}
