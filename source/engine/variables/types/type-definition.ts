import type {VariableType} from '../../../model/variable.js';

/** How a variable's text is to be read. */
export type Reading = {
	/** A named format or pattern; null means the type's default. */
	readonly format: string | null;
	readonly decimalComma: boolean;
};

/**
 * One SQL expression made of another. What goes in is text that is trimmed and not blank, or NULL; what comes out is text or NULL.
 * The expression may name its argument as often as it likes: it is a column or a lambda's variable, never a computation.
 */
export type Step = (text: string) => string;

/** Everything Sluice knows about reading one type of value (SPEC 6). */
export type TypeDefinition = {
	readonly name: VariableType;
	/** Its named formats, in the order in which `infer` tries them; the first is the default. */
	readonly formats: readonly string[];
	/** With its article, as reasons call it: `"12x" is not a number`. */
	readonly noun: string;
	/**
	 * From text to canonical text, one step after the other; NULL where the text is not of this type.
	 * Two types need more than SQL: a `datetime` ends as an instant (`…Z`) or, without an offset, as wall time for `zone.ts`;
	 * a `phone_number` ends as it came, for `phone.ts`.
	 */
	readonly steps: (reading: Reading) => readonly Step[];
	/** The form in which values are compared where it is not the canonical text: one number, one key. */
	readonly key?: Step;
};
