import type {VariableType} from '../../model/variable.js';
import type {Step} from './types/type-definition.js';
import type {Zone} from './zone.js';

/** What SQL cannot say and a lookup table answers: the zone's offsets of a day, or the value of a text. */
export type LookupKind = 'day' | 'text';

/** A variable of one scope, ready to be compiled. `index` numbers its columns: `__t3` its text, `__v3` its value. */
export type PlannedVariable = {
	readonly index: number;
	readonly name: string;
	readonly type: VariableType;
	readonly format: string | null;
	readonly array: boolean;
	readonly required: boolean;
	/** Counts for the diff check; additional variables do not (SPEC 7). */
	readonly hashed: boolean;
	/** SQL of the trimmed text, Nullable(String), over the columns of the layer beneath. */
	readonly text: string;
	/** For arrays: SQL of the elements, over the text or over a column that is an array itself; and whether the text is no list. */
	readonly split: {readonly from: 'text' | 'column'; readonly elements: string; readonly malformed: string} | null;
	readonly steps: readonly Step[];
	readonly lookup: LookupKind | null;
};

/** Which lookup a type needs, if any. */
export function lookupOf(type: VariableType, array: boolean, zone: Zone): LookupKind | null {
	if (type === 'phone_number') return 'text';
	if (type !== 'datetime' || zone.isUtc) return null;
	return array ? 'text' : 'day';
}
