import type {ErrorCode} from '../../model/error-codes.js';
import {nearest} from '../../model/nearest.js';
import type {Problem} from '../../model/problem.js';
import type {Path, YamlFile} from './yaml-file.js';

export type ProblemCode = Extract<ErrorCode, `workspace.${string}`>;

/** What is wrong, as a sentence without its full stop, and what would have been right. */
export type Wrong = {readonly code: ProblemCode; readonly message: string; readonly expected?: string | null};

/** Gathers the problems of one file, each with its place. */
export class Problems {
	readonly #found: Problem[] = [];
	#closed = false;

	constructor(
		/** Relative to the workspace. */
		readonly file: string,
		readonly yaml: YamlFile,
		/** As it was read. */
		readonly text = '',
	) {
		for (const {line, column, code, message} of yaml.syntax) this.#found.push({file, line, column, code, message, expected: null});
	}

	/** In the order of the file. */
	get all(): readonly Problem[] {
		return this.#found.toSorted((a, b) => a.line - b.line || a.column - b.column);
	}

	/** A problem of the value at `path`. */
	at(path: Path, wrong: Wrong): void {
		this.#add(this.yaml.place(path), wrong);
	}

	/** A problem of the key that `path` ends with. */
	atKey(path: Path, wrong: Wrong): void {
		this.#add(this.yaml.keyPlace(path), wrong);
	}

	/** Tells nothing more of this file: all else would only follow from what was told. */
	close(): void {
		this.#closed = true;
	}

	#add({line, column}: {line: number; column: number}, {code, message, expected = null}: Wrong): void {
		if (this.#closed) return;
		this.#found.push({file: this.file, line, column, code, message, expected});
	}
}

/** A sentence with the known name that was probably meant, where there is one near. */
export function withHint(sentence: string, found: string, known: Iterable<string>): string {
	// why: of one letter, anything is near.
	const close = found.length < 2 ? undefined : nearest(found, known);
	return close === undefined ? sentence : `${sentence}. Did you mean "${close}"?`;
}

/** A name that is not one of the known ones. */
export function unknownName(sentence: string, found: string, known: readonly string[], none = 'there is none yet'): Wrong {
	return {
		code: 'workspace.unknown_name',
		message: withHint(sentence, found, known),
		expected: known.length === 0 ? none : known.join(', '),
	};
}
