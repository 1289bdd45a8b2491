import type * as z from 'zod';
import type {Problems} from '../yaml/problems.js';
import type {Path} from '../yaml/yaml-file.js';
import {explainIssue, valueAt} from './explain-issue.js';

/**
 * A file's content as its schema promises it, defaults filled in. What was wrong is told and left out, so that
 * the checks that follow find the other problems in the same go.
 */
export type Shaped<Value> = {
	readonly value: Value;
	/** Whether nothing was left out. */
	readonly whole: boolean;
	/** Where the value at a path of `value` stands in the file: items of a list that were left out are counted there. */
	sourceOf(path: Path): Path;
	/** The keys that were left out of the map at a path of `value`. */
	leftOut(path: Path): readonly string[];
};

/** Checks a file against its schema. Null where nothing of it can be used. */
export function shape<Schema extends z.ZodObject>(schema: Schema, problems: Problems): Shaped<z.output<Schema>> | null {
	const {root, syntax} = problems.yaml;
	if (root === undefined && syntax.length > 0) return null;
	const removed = new Removed();
	for (let first = true; ; first = false) {
		const draft = removed.without(root ?? {});
		const result = schema.safeParse(draft);
		if (result.success) return shaped(result.data, removed, syntax.length === 0);
		for (const issue of result.error.issues) {
			if (first) tell(problems, schema, draft, issue);
		}
		const doomed = result.error.issues.flatMap((issue) => leaveOut(draft, issue)).map((path) => removed.sourceOf(path));
		if (doomed.some((path) => path.length === 0)) return null;
		for (const path of doomed) removed.add(path);
	}
}

function shaped<Value>(value: Value, removed: Removed, isReadable: boolean): Shaped<Value> {
	return {
		value,
		whole: removed.isEmpty && isReadable,
		sourceOf: (path) => removed.sourceOf(path),
		leftOut: (path) => removed.keysUnder(removed.sourceOf(path)),
	};
}

function tell(problems: Problems, schema: z.ZodObject, draft: unknown, issue: z.core.$ZodIssue): void {
	for (const {path, at, wrong} of explainIssue(schema, draft, issue)) {
		if (at === 'key') problems.atKey(path, wrong);
		else problems.at(path, wrong);
	}
}

/** What must go so that the issue goes: unknown keys, a wrong value, or the map that lacks a key. */
function leaveOut(draft: unknown, issue: z.core.$ZodIssue): readonly Path[] {
	const path = issue.path as Path;
	if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...path, key]);
	return [path.length > 0 && valueAt(draft, path) === undefined ? path.slice(0, -1) : path];
}

/** The places of a file that are left out. A key without a value counts as absent. */
class Removed {
	readonly #paths = new Set<string>();

	get isEmpty(): boolean {
		return this.#paths.size === 0;
	}

	add(path: Path): void {
		this.#paths.add(JSON.stringify(path));
	}

	keysUnder(parent: Path): readonly string[] {
		return [...this.#paths].flatMap((text) => {
			const path = JSON.parse(text) as Path;
			const isChild = path.length === parent.length + 1 && parent.every((part, index) => part === path[index]);
			return isChild ? [String(path.at(-1))] : [];
		});
	}

	without(value: unknown, path: Path = []): unknown {
		if (Array.isArray(value)) {
			return value.flatMap((item, index) => (this.#has([...path, index]) ? [] : [this.without(item, [...path, index])]));
		}
		if (typeof value !== 'object' || value === null) return value;
		const kept = Object.entries(value).filter(([key, member]) => member !== null && !this.#has([...path, key]));
		return Object.fromEntries(kept.map(([key, member]) => [key, this.without(member, [...path, key])]));
	}

	sourceOf(path: Path): Path {
		if (this.isEmpty) return path;
		const source: (string | number)[] = [];
		for (const part of path) source.push(typeof part === 'number' ? this.#sourceIndex(source, part) : part);
		return source;
	}

	#sourceIndex(list: Path, index: number): number {
		let source = 0;
		for (let left = index; ; source++) {
			if (this.#has([...list, source])) continue;
			if (left-- === 0) return source;
		}
	}

	#has(path: Path): boolean {
		return this.#paths.size > 0 && this.#paths.has(JSON.stringify(path));
	}
}
