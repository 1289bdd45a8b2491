import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {type SluiceError, toSluiceError} from '../../model/errors.js';
import type {Problem} from '../../model/problem.js';
import type {Workspace} from '../../workspace/read-workspace.js';
import type {Control} from '../control/control.js';
import type {ShortTasks} from '../dispatch/short-tasks.js';

const tries = 3;
const fact = 'objects in the store';

/** Brings the store to the objects of the files, in a short runner, and remembers to which (SPEC 2.1). */
export class StoreMigration {
	readonly #control: Control;
	readonly #tasks: ShortTasks;
	#problems: readonly Problem[] = [];
	#refused: string | null = null;

	constructor(control: Control, tasks: ShortTasks) {
		this.#control = control;
		this.#tasks = tasks;
	}

	/** Why the store refused the objects as they stand; empty when it follows them. Nothing runs meanwhile. */
	get problems(): readonly Problem[] {
		return this.#problems;
	}

	/** Does nothing when the store follows these objects already. */
	async follow({objects, settings, fieldPlaces}: Workspace): Promise<void> {
		if (objects.length === 0) return;
		const wanted = createHash('sha256')
			.update(JSON.stringify([settings.storeFile, objects]))
			.digest('hex');
		if (existsSync(settings.storeFile) && this.#control.facts.recall(fact) === wanted) {
			this.#problems = [];
			return;
		}
		if (this.#refused === wanted) {
			// The file may have changed around the field.
			this.#problems = this.#problems.map((problem) => placed(problem, fieldPlaces));
			return;
		}
		for (let attempt = 1; !(await this.#try(objects, settings.storeFile, wanted)) && attempt < tries; attempt++);
		this.#problems = this.#problems.map((problem) => placed(problem, fieldPlaces));
	}

	/** @returns false when the task was killed before it could answer */
	async #try(objects: Workspace['objects'], storeFile: string, wanted: string): Promise<boolean> {
		try {
			await this.#tasks.run({task: 'migrate', storeFile, objects});
			this.#control.facts.remember(fact, wanted);
			this.#problems = [];
		} catch (error) {
			const failure = toSluiceError(error);
			const killed = /^(task\.failed|daemon\.stopping|state\..*)$/.test(failure.code);
			// why: a refusal stays until the files change, a killed task says nothing about them.
			this.#refused = killed ? null : wanted;
			this.#problems = [asProblem(failure)];
			return !killed;
		}
		return true;
	}
}

/** What is wrong with a field, where the field stands: its message begins with `<object>.<field>`. */
function placed(problem: Problem, places: Workspace['fieldPlaces']): Problem {
	if (problem.code !== 'store.object_refused') return problem;
	const place = places.get(/^\w+\.\w+/.exec(problem.message)?.[0] ?? '');
	return place ? {...problem, ...place} : problem;
}

function asProblem({code, message, where, expected, cure}: SluiceError): Problem {
	const [, file, line, column] = /^(.*?):(\d+)(?::(\d+))?$/.exec(where ?? '') ?? [];
	return {
		file: file ?? where ?? 'objects',
		line: Number(line ?? 1),
		column: Number(column ?? 1),
		code,
		message,
		expected: expected ?? cure ?? null,
	};
}
