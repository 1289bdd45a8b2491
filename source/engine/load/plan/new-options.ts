import type {FieldValue} from '../../../model/value.js';
import type {CompiledStep} from './compile-step.js';

/** The options that a chunk's writes add to fields whose step may create them (SPEC 8.2), each once. */
export class NewOptions {
	readonly added: {readonly field: string; readonly option: string}[] = [];
	readonly #known: ReadonlyMap<number, ReadonlySet<string>>;
	readonly #fields: ReadonlyMap<number, {readonly name: string; readonly added: Set<string>}>;

	constructor({mapped}: CompiledStep, known: ReadonlyMap<number, ReadonlySet<string>>) {
		this.#known = known;
		this.#fields = new Map(
			mapped.flatMap(({field, hasOptions, createOptions}, position) =>
				hasOptions && createOptions ? [[position, {name: field.apiName, added: new Set<string>()}]] : [],
			),
		);
	}

	/** Notes the options of values that are written. */
	note(values: readonly (FieldValue | null)[], positions: Iterable<number>): void {
		if (this.#fields.size === 0) return;
		for (const position of positions) {
			const field = this.#fields.get(position);
			const value = values[position] ?? null;
			if (!field || value === null) continue;
			for (const option of typeof value === 'object' ? value : [String(value)]) {
				if (this.#known.get(position)?.has(option) || field.added.has(option)) continue;
				field.added.add(option);
				this.added.push({field: field.name, option});
			}
		}
	}
}
