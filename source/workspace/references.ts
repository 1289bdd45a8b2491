import type {Exposure} from './exposure.js';
import type {ObjectEntry} from './object/read-object.js';
import type {Report} from './shape/report.js';
import type {Path} from './yaml/yaml-file.js';

/** What the files of a workspace may refer to in one another. */
export type ReferenceIndex = {
	/** The workspace's folder, absolute. */
	readonly dir: string;
	/** Whether others may write a file. */
	readonly exposure: Exposure;
	readonly objects: ReadonlyMap<string, ObjectEntry>;
	/** Objects that cannot be used, with the place and text of the problem. */
	readonly broken: ReadonlyMap<string, string>;
	/** Automations by name, each with the object it is for, if it is for one. */
	readonly automations: ReadonlyMap<string, string | null>;
};

/** Looks up the objects that one file mentions. A name that does not exist is told each time, one with problems once. */
export class ObjectMentions {
	readonly #told = new Set<string>();

	constructor(
		readonly world: ReferenceIndex,
		readonly report: Report,
	) {}

	/** The object of that name, or undefined once it was told what is wrong. What is sound of a broken one is still there to be checked against. */
	find(name: string, path: Path): ObjectEntry | undefined {
		const {objects, broken} = this.world;
		const entry = objects.get(name);
		if (entry === undefined) {
			this.report.unknown(path, 'object', name, [...objects.keys()]);
			return undefined;
		}
		const reason = broken.get(name);
		if (reason !== undefined && !this.#told.has(name)) {
			this.#told.add(name);
			this.report.at(path, {code: 'workspace.broken_reference', message: `The object "${name}" has problems of its own: ${reason}`});
		}
		return entry;
	}
}
