export const noMatchActions = ['create_new', 'next_rule_ignore_matches', 'do_not_upload'] as const;
export const singleMatchActions = ['update_current', 'next_rule_constrained', 'next_rule_ignore_matches', 'do_not_upload'] as const;
export const multipleMatchActions = ['do_not_upload', 'next_rule_constrained', 'next_rule_ignore_matches'] as const;
export const archivedMatchActions = [
	'unarchive_and_update',
	'unarchive_only',
	'create_new',
	'next_rule_constrained',
	'next_rule_ignore_matches',
	'do_not_upload',
] as const;
export const conflictModes = ['overwrite', 'overwrite_skip_blank', 'only_update_blank', 'only_add_options'] as const;

export type NoMatchAction = (typeof noMatchActions)[number];
export type SingleMatchAction = (typeof singleMatchActions)[number];
export type MultipleMatchAction = (typeof multipleMatchActions)[number];
export type ArchivedMatchAction = (typeof archivedMatchActions)[number];
export type ConflictMode = (typeof conflictModes)[number];

/** Decides which record a row means (SPEC 8.1). `field` is a field's api name or `id`. */
export type MatchingRule = {
	readonly field: string;
	readonly variable: string;
	readonly noMatch: NoMatchAction;
	readonly singleMatch: SingleMatchAction;
	readonly multipleMatch: MultipleMatchAction;
	readonly archivedMatch: ArchivedMatchAction;
};

/** Decides what one field of the record becomes (SPEC 8.2). */
export type MappingRule = {
	readonly field: string;
	readonly variables: readonly string[];
	readonly join: string;
	readonly conflict: ConflictMode;
	readonly createOptions: boolean;
};

export type StepAutomations = {
	readonly onCreate: readonly string[];
	readonly onUpdate: readonly string[];
	readonly suppressTriggers: boolean;
};

export type LoadStep = {
	readonly name: string;
	readonly object: string;
	readonly scope: string;
	readonly matching: readonly MatchingRule[];
	readonly mapping: readonly MappingRule[];
	/** The name under which later steps on the same scope see the record's id. */
	readonly exposeAs: string | null;
	readonly automations: StepAutomations;
};
