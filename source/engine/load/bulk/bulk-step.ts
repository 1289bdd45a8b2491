import type {FieldType} from '../../../model/field-type.js';
import type {ConflictMode} from '../../../model/load-step.js';
import type {Field} from '../../../model/object.js';
import type {VariableType} from '../../../model/variable.js';
import type {CompiledRule, CompiledStep, MappedField} from '../plan/compile-step.js';

/** A mapped field that takes a variable's canonical text over, and the variable's column in the step's columns. */
export type BulkField = {readonly field: Field; readonly column: number; readonly needed: boolean};

/**
 * A step whose new records can be made of the rows as they stand: whatever a row brings, its canonical text is already what the record
 * will hold. Which rows that goes for, `plainSelect` says of each; that nobody holds their identifiers, the store says of all of a chunk.
 */
export type BulkStep = {
	/** In the order of `CompiledStep.mapped`. */
	readonly fields: readonly BulkField[];
	readonly identifier: BulkField;
	/** What becomes of the fields of a record that exists, in the same order; null where rows that find one go the general way. */
	readonly updates: readonly BulkConflict[] | null;
};

export type BulkConflict = Exclude<ConflictMode, 'only_add_options'>;

/** The types of field that hold a variable's canonical text as it is, by the variable's type; `text` and `longtext` hold any. */
const takesAsItIs: Readonly<Partial<Record<FieldType, VariableType>>> = {
	email: 'email',
	phone_number: 'phone_number',
	integer: 'number',
	decimal: 'number',
	money: 'number',
	rating: 'number',
	checkbox: 'boolean',
	date: 'date',
	datetime: 'datetime',
};

/**
 * The step as a plain one, or null for one that is none: a step whose first rule finds records by the very text that becomes their
 * identifier, and makes new ones where it finds none, of fields that nothing has to be looked up or put together for.
 *
 * Why: of a million rows that all become records this saves taking each apart and putting it together again (docs/decisions).
 *
 * @param fires whether somebody is to be told of new records, or of changed ones: then they go the general way, which makes the events
 */
export function bulkStep(step: CompiledStep, fires: {readonly created: boolean; readonly updated: boolean}): BulkStep | null {
	const {mapped, layout, identifier, rules, missing, required} = step;
	const [rule] = rules;
	if (fires.created || missing.length > 0 || !rule) return null;
	const fields = mapped.map((field, position) => plainField(step, field, required.includes(position)));
	const identifies = fields[identifier];
	if (!identifies || !fields.every((field) => field !== null)) return null;
	if (!findsBy(rule, identifier, identifies) || layout[identifier]?.identifier !== true) return null;
	return {fields, identifier: identifies, updates: fires.updated || rule.singleMatch !== 'update_current' ? null : conflictsOf(step)};
}

/** Where unique values might change hands, the general way decides. */
function conflictsOf({mapped, uniques, identifier}: CompiledStep): readonly BulkConflict[] | null {
	if (uniques.some((position) => position !== identifier && position < mapped.length)) return null;
	const conflicts = mapped.map(({conflict}) => conflict);
	return conflicts.every((conflict) => conflict !== 'only_add_options') ? conflicts : null;
}

/** Whether the rule finds no record exactly when the store would take a new one with this identifier. */
function findsBy(rule: CompiledRule, identifier: number, {column}: BulkField): boolean {
	return rule.position === identifier && rule.source.column === column && rule.noMatch === 'create_new' && rule.related === null;
}

function plainField({columns}: CompiledStep, {field, sources, hasOptions, related}: MappedField, needed: boolean): BulkField | null {
	const [source] = sources;
	if (!source || sources.length > 1 || source.array || source.form !== null || field.multiple || hasOptions || related) return null;
	const from = columns[source.column];
	if (!from || from.array || from.exposedBy !== null) return null;
	const any = field.type === 'text' || field.type === 'longtext';
	return any || takesAsItIs[field.type] === from.type ? {field, column: source.column, needed} : null;
}
