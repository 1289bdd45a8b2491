import * as z from 'zod';
import type {Path} from '../yaml/yaml-file.js';

/** A schema without what only says that it may be absent. */
export function bare(schema: z.core.$ZodType): z.core.$ZodType {
	if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return bare(schema.unwrap());
	return schema;
}

/** The schema of the value at `path`; undefined where the path leaves what is known. Of a union, the first branch that has the path. */
export function schemaAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType | undefined {
	const here = bare(schema);
	const [part, ...rest] = path;
	if (part === undefined) return here;
	if (here instanceof z.ZodUnion) return firstDefined(here.options, (option) => schemaAt(option, path));
	const next = child(here, part);
	return next && schemaAt(next, rest);
}

function child(schema: z.core.$ZodType, part: string | number): z.core.$ZodType | undefined {
	if (schema instanceof z.ZodObject) return schema.shape[part];
	if (schema instanceof z.ZodArray) return typeof part === 'number' ? schema.element : undefined;
	return schema instanceof z.ZodRecord ? schema.valueType : undefined;
}

/** The keys a map may have; empty for what is no map with fixed keys. */
export function keysOf(schema: z.core.$ZodType | undefined): readonly string[] {
	const here = schema && bare(schema);
	if (here instanceof z.ZodUnion) return here.options.flatMap((option) => keysOf(option));
	return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
}

/** The values that are listed one by one; undefined where others are allowed too. */
export function choicesOf(schema: z.core.$ZodType): readonly string[] | undefined {
	const here = bare(schema);
	if (here instanceof z.ZodEnum) return here.options.map(String);
	return here instanceof z.ZodLiteral ? [...here.values].map(String) : undefined;
}

/** What a value must be, in words. */
export function describeShape(schema: z.core.$ZodType): string {
	const here = bare(schema);
	const choices = choicesOf(here);
	if (choices) return choices.join(', ');
	if (here instanceof z.ZodUnion) return [...new Set(here.options.map((option) => describeShape(option)))].join(', or ');
	if (here instanceof z.ZodObject) return `a map with the keys ${keysOf(here).join(', ')}`;
	if (here instanceof z.ZodArray) return 'a list';
	if (here instanceof z.ZodRecord) return 'a map of names and values';
	if (here instanceof z.ZodBoolean) return 'true or false';
	if (here instanceof z.ZodNumber) return here.isInt ? 'a whole number' : 'a number';
	return 'a text';
}

/** The examples that a schema, or what it wraps, was given. */
export function examplesOf(schema: z.core.$ZodType): readonly string[] {
	const own = z.globalRegistry.get(schema)?.examples;
	if (Array.isArray(own)) return own.map(String);
	const inner = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? schema.unwrap() : undefined;
	return inner ? examplesOf(inner) : [];
}

function firstDefined<Item, Found>(items: Iterable<Item>, find: (item: Item) => Found | undefined): Found | undefined {
	for (const item of items) {
		const found = find(item);
		if (found !== undefined) return found;
	}
	return undefined;
}
