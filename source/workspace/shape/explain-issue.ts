import * as z from 'zod';
import {nearest} from '../../model/nearest.js';
import {type Wrong, withHint} from '../yaml/problems.js';
import type {Path} from '../yaml/yaml-file.js';
import {bare, choicesOf, describeShape, examplesOf, keysOf, schemaAt} from './schema-at.js';
import {nounOfUnknownKey} from './unknown-key-noun.js';

/** One thing wrong with the shape of a file: at the value of `path`, or at its key. */
export type Explained = {readonly path: Path; readonly at: 'value' | 'key'; readonly wrong: Wrong};

type Issue = z.core.$ZodIssue;

/** What an issue of the schema means to the person who wrote the file. `root` is what was checked. */
export function explainIssue(schema: z.core.$ZodType, root: unknown, issue: Issue, within: Path = []): readonly Explained[] {
	const path = [...within, ...issue.path] as Path;
	const here = schemaAt(schema, path);
	const value = valueAt(root, path);
	if (issue.code === 'unrecognized_keys')
		return issue.keys.map((key) => unknownKey(path, key, keysOf(here), nounOfUnknownKey(issue.message)));
	if (value === undefined) return isMisspelt(schema, root, path) ? [] : [missing(path)];
	if (issue.code === 'invalid_union') return explainUnion(schema, root, issue, path);
	return [{path, at: 'value', wrong: wrongValue(issue, here, path, value)}];
}

function unknownKey(path: Path, key: string, known: readonly string[], noun: string | null): Explained {
	const expected = known.length > 0 ? known.join(', ') : null;
	return {
		path: [...path, key],
		at: 'key',
		wrong: {
			code: 'workspace.unknown_key',
			message: withHint(noun === null ? `Unknown key "${key}"` : `"${key}" is no ${noun}`, key, known),
			expected,
		},
	};
}

function missing(path: Path): Explained {
	return {path, at: 'value', wrong: {code: 'workspace.missing_key', message: `"${String(path.at(-1))}" is missing`}};
}

/** A key that is missing because it stands there misspelt is told once, by its misspelling. */
function isMisspelt(schema: z.core.$ZodType, root: unknown, path: Path): boolean {
	const parent = valueAt(root, path.slice(0, -1));
	if (typeof parent !== 'object' || parent === null) return false;
	const known = keysOf(schemaAt(schema, path.slice(0, -1)));
	return Object.keys(parent).some((key) => !known.includes(key) && nearest(key, known) === path.at(-1));
}

/** Of a union, what the branch that was meant has against the value. */
function explainUnion(schema: z.core.$ZodType, root: unknown, issue: z.core.$ZodIssueInvalidUnion, path: Path): readonly Explained[] {
	const value = valueAt(root, path);
	const union = schemaAt(schema, path);
	const options = union instanceof z.ZodUnion ? union.options.map((option) => bare(option)) : [];
	const choices = options.flatMap((option) => choicesOf(option) ?? []);
	if (isQuoted(value, union)) return [{path, at: 'value', wrong: wrongType(path, value, union)}];
	if (typeof value === 'string' && choices.length > 0 && !options.some((option) => option instanceof z.ZodString)) {
		const expected = union && options.some((option) => option instanceof z.ZodNumber) ? {expected: describeShape(union)} : {};
		return [{path, at: 'value', wrong: {...notAChoice(path, value, choices), ...expected}}];
	}
	const meant = options.findIndex((option) => suits(option, value));
	const issues = meant < 0 ? undefined : issue.errors[meant];
	if (issues) return issues.flatMap((inner) => explainIssue(schema, root, inner, path));
	return [{path, at: 'value', wrong: wrongType(path, value, union)}];
}

function suits(option: z.core.$ZodType, value: unknown): boolean {
	if (Array.isArray(value)) return option instanceof z.ZodArray;
	if (typeof value === 'object') return option instanceof z.ZodObject || option instanceof z.ZodRecord;
	if (typeof value === 'string') return option instanceof z.ZodString;
	return typeof value === 'number' && option instanceof z.ZodNumber;
}

function wrongValue(issue: Issue, schema: z.core.$ZodType | undefined, path: Path, value: unknown): Wrong {
	const choices = schema && choicesOf(schema);
	if (choices) return notAChoice(path, value, choices);
	if (issue.code === 'too_small' || issue.code === 'too_big') return outOfBounds(issue, path);
	if (issue.code === 'invalid_format' || issue.code === 'invalid_key') return wrongFormat(issue.message, schema, value);
	return wrongType(path, value, schema);
}

function notAChoice(path: Path, value: unknown, choices: readonly string[]): Wrong {
	const found = typeof value === 'object' ? kindOf(value) : `"${String(value)}"`;
	return {
		code: 'workspace.wrong_value',
		message: withHint(`${found} is not a value of "${keyOf(path)}"`, String(value), choices),
		expected: choices.join(', '),
	};
}

function outOfBounds(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, path: Path): Wrong {
	const name = nameOf(path);
	if (issue.code === 'too_small' && issue.origin === 'string') {
		return {code: 'workspace.missing_key', message: `${name} is empty`, expected: 'a text'};
	}
	const bound = issue.code === 'too_small' ? `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}` : `at most ${issue.maximum}`;
	const unit = issue.origin === 'array' ? (bound.endsWith(' 1') ? ' item' : ' items') : '';
	return {code: 'workspace.wrong_value', message: `${name} must ${unit ? 'have' : 'be'} ${bound}${unit}`, expected: `${bound}${unit}`};
}

/** Formats are named in their schemas as `a noun: its shape`. */
function wrongFormat(format: string, schema: z.core.$ZodType | undefined, value: unknown): Wrong {
	const [noun = format, shape] = format.split(': ');
	const examples = schema ? examplesOf(schema) : [];
	const expected = shape ?? (examples.length > 0 ? `${noun}, such as ${examples.join(', ')}` : noun);
	return {code: 'workspace.wrong_value', message: `"${String(value)}" is not ${noun}`, expected};
}

function wrongType(path: Path, value: unknown, schema: z.core.$ZodType | undefined): Wrong {
	const expected = schema ? describeShape(schema) : 'something else';
	const quote = expected === 'a text' && typeof value !== 'object' ? ': put it in quotes' : '';
	const unquote = schema && isQuoted(value, schema) ? `: write ${String(value).trim()} without quotes` : '';
	return {code: 'workspace.wrong_type', message: `${nameOf(path)} must be ${expected}, not ${kindOf(value)}${quote}${unquote}`, expected};
}

/** Whether a text would be right if it did not stand in quotes. */
function isQuoted(value: unknown, schema: z.core.$ZodType | undefined): boolean {
	if (typeof value !== 'string' || schema === undefined) return false;
	const here = bare(schema);
	if (here instanceof z.ZodUnion)
		return !here.options.some((option) => bare(option) instanceof z.ZodString) && here.options.some((option) => isQuoted(value, option));
	if (here instanceof z.ZodNumber) return /^\s*-?\d+(\.\d+)?\s*$/.test(value) && z.safeParse(here, Number(value)).success;
	return here instanceof z.ZodBoolean && /^\s*(true|false)\s*$/.test(value);
}

/** A value by the key that holds it. */
function nameOf(path: Path): string {
	if (path.length === 0) return 'The file';
	return typeof path.at(-1) === 'number' ? `An item of "${keyOf(path)}"` : `"${keyOf(path)}"`;
}

function keyOf(path: Path): string {
	return String(path.findLast((part) => typeof part === 'string') ?? '');
}

function kindOf(value: unknown): string {
	if (value === null) return 'nothing';
	if (Array.isArray(value)) return 'a list';
	if (typeof value === 'object') return 'a map';
	if (typeof value === 'boolean') return String(value);
	return typeof value === 'number' ? `the number ${value}` : 'a text';
}

export function valueAt(root: unknown, path: Path): unknown {
	let value = root;
	for (const part of path) {
		if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
		value = (value as Record<string | number, unknown>)[part];
	}
	return value;
}
