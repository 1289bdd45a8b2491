import type {LoadStep, MappingRule, MatchingRule} from '../../../source/model/load-step.js';
import {normal, related} from './normal.js';
import {copyOf, equal, fieldIn, identifierIn, objectIn, type Person, recordsOf, type Value, type World} from './world.js';

/*
 * SPEC 8, row by row over plain maps, in the plainest words. Slow on purpose; shares nothing with the engine but the nouns.
 */

/** A row's texts by variable; a list is an array. Null is blank. */
export type Row = {readonly number: number; readonly texts: Readonly<Record<string, string | readonly string[] | null>>};

export type Result = {
	readonly number: number;
	readonly outcome: 'created' | 'updated' | 'skipped' | 'errored';
	readonly why: string | null;
	readonly rule: number;
	/** The record that the row ended on. */
	readonly id: string | null;
	readonly warnings: number;
	/** What the record holds afterwards, of the mapped fields; null where the row ended on none. */
	readonly values: Readonly<Record<string, Value | null>> | null;
	readonly changes: Readonly<Record<string, readonly [Value | null, Value | null]>> | null;
};

type Claim = {readonly number: number; readonly field: string; readonly value: Value; readonly holders: readonly string[]};
type Scene = {
	readonly world: World;
	readonly step: LoadStep;
	readonly clashing: ReadonlySet<number>;
	readonly claims: Claim[];
	readonly mark: string;
	readonly newId: () => string;
};

/** One load step over its rows. Changes `world`; ` (archived …)` is given as `mark`. */
export function runStep(
	world: World,
	step: LoadStep,
	rows: readonly Row[],
	chunkSize: number,
	mark: string,
	newId: () => string,
): Result[] {
	const last = rows.at(-1)?.number ?? 0;
	const results: Result[] = [];
	for (let from = 0; from < last; from += chunkSize) {
		const chunk = rows.filter(({number}) => number > from && number <= from + chunkSize);
		results.push(...runChunk(world, step, chunk, mark, newId));
	}
	return results;
}

/** Unique values may be swapped within a chunk: a row's claim may wait for later rows of it. The last that waited in vain fails, and all is done again. */
function runChunk(world: World, step: LoadStep, rows: readonly Row[], mark: string, newId: () => string): Result[] {
	let clashing = new Set<number>();
	for (;;) {
		const scene: Scene = {world: copyOf(world), step, clashing, claims: [], mark, newId};
		const results = rows.map((row) => runRow(scene, row));
		const unsettled = scene.claims.filter((claim) => claim.holders.some((id) => stillHolds(scene, id, claim))).map(({number}) => number);
		if (unsettled.length === 0) {
			Object.assign(world, {records: scene.world.records, options: scene.world.options});
			return results;
		}
		const latest = Math.max(...unsettled);
		clashing = new Set([...[...clashing].filter((number) => number < latest), latest]);
	}
}

function stillHolds({world, step}: Scene, id: string, {field, value}: Claim): boolean {
	const record = recordsOf(world, step.object).get(id);
	const definition = fieldIn(world, step.object, field);
	const held = record?.fields.get(field);
	return record !== undefined && held !== undefined && equal(held, value, definition) && (definition.identifier || !record.archived);
}

function runRow(scene: Scene, row: Row): Result {
	let among: readonly Person[] | null = null;
	for (const [index, rule] of scene.step.matching.entries()) {
		const found = matches(scene, rule, row).filter((record) => among === null || among.includes(record));
		const active = found.filter(({archived}) => !archived);
		const [what, action] = situation(rule, active.length, found.length - active.length);
		if (action === 'next_rule_constrained') among = found;
		else if (action === 'next_rule_ignore_matches') among = null;
		else return act(scene, row, index + 1, action, what, active[0] ?? found[0] ?? null);
	}
	throw new Error('The last rule may not fall through');
}

function situation(rule: MatchingRule, active: number, archived: number): [string, string] {
	if (active === 1) return ['single', rule.singleMatch];
	if (active > 1) return ['several', rule.multipleMatch];
	if (archived === 1) return ['archived', rule.archivedMatch];
	if (archived > 1) return ['several', rule.multipleMatch];
	return ['none', rule.noMatch];
}

function matches({world, step}: Scene, rule: MatchingRule, {texts}: Row): Person[] {
	const text = texts[rule.variable];
	if (typeof text !== 'string' || text.trim() === '') return [];
	const all = [...recordsOf(world, step.object).values()];
	if (rule.field === 'id') return all.filter(({id}) => id === text.toLowerCase());
	const field = fieldIn(world, step.object, rule.field);
	const value = field.type === 'relationship' ? related(world, field.object ?? '', text)?.id : normal(text.trim(), field);
	if (value === undefined) return [];
	return all.filter((record) => {
		const held = record.fields.get(rule.field);
		return held !== undefined && equal(held, value, field);
	});
}

function act(scene: Scene, row: Row, rule: number, action: string, what: string, record: Person | null): Result {
	const {number} = row;
	const nothing = {number, rule, warnings: 0, values: null, changes: null};
	if (action === 'create_new') return create(scene, row, rule, record);
	if (action === 'do_not_upload' || !record) {
		const blank = isBlank(row.texts[scene.step.matching[rule - 1]?.variable ?? '']);
		const id = what === 'single' ? (record?.id ?? null) : null;
		return {...nothing, outcome: 'skipped', why: `do not upload: ${blank ? 'blank' : what}`, id};
	}
	if (action === 'update_current') return update(scene, row, rule, record, false);
	if (action === 'unarchive_and_update') return update(scene, row, rule, record, true);
	if (claim(scene, row, record.fields, uniqueFields(scene), record.id, null))
		return {...nothing, outcome: 'errored', why: 'clash', id: null};
	record.archived = false;
	return {...nothing, outcome: 'updated', why: 'unarchived', id: record.id, values: shown(scene, record), changes: {}};
}

function create(scene: Scene, row: Row, rule: number, aside: Person | null): Result {
	const {world, step} = scene;
	const fields = new Map<string, Value>();
	let warnings = 0;
	for (const mapping of step.mapping) {
		const {refused, value} = incoming(scene, mapping, row);
		const field = fieldIn(world, step.object, mapping.field);
		if (refused && !field.required && !field.identifier) warnings++;
		if (value !== null) fields.set(mapping.field, value);
	}
	const failed = {number: row.number, rule, warnings, outcome: 'errored', id: null, values: null, changes: null} as const;
	const lacking = objectIn(world, step.object).fields.find(
		({identifier, required, apiName}) => (identifier || required) && !fields.has(apiName),
	);
	if (lacking) return {...failed, why: 'lack'};
	if (claim(scene, row, fields, uniqueFields(scene), null, aside?.id ?? null)) return {...failed, why: 'clash'};
	if (aside) pushAside(scene, aside);
	const record: Person = {id: scene.newId(), archived: false, fields};
	recordsOf(world, step.object).set(record.id, record);
	for (const mapping of step.mapping) addOptions(scene, mapping, fields.get(mapping.field) ?? null);
	const why = aside ? 'aside' : null;
	return {number: row.number, outcome: 'created', why, rule, id: record.id, warnings, values: shown(scene, record), changes: null};
}

function update(scene: Scene, row: Row, rule: number, record: Person, unarchive: boolean): Result {
	const {world, step} = scene;
	const after = new Map(record.fields);
	const changes: Record<string, [Value | null, Value | null]> = {};
	let warnings = 0;
	for (const mapping of step.mapping) {
		const {refused, value} = incoming(scene, mapping, row);
		if (refused) {
			warnings++;
			continue;
		}
		const field = fieldIn(world, step.object, mapping.field);
		const old = record.fields.get(mapping.field) ?? null;
		const next = resolved(mapping, old, value, field.identifier);
		if (next === old || (next !== null && old !== null && equal(next, old, field))) continue;
		changes[mapping.field] = [old, next];
		if (next === null) after.delete(mapping.field);
		else after.set(mapping.field, next);
	}
	const result = {number: row.number, rule, warnings};
	const changed = Object.keys(changes);
	if (changed.length === 0 && !unarchive)
		return {...result, outcome: 'skipped', why: 'no change', id: record.id, values: shown(scene, record), changes: null};
	if (
		claim(
			scene,
			row,
			after,
			unarchive ? uniqueFields(scene) : changed.filter((name) => uniqueFields(scene).includes(name)),
			record.id,
			null,
		)
	)
		return {...result, outcome: 'errored', why: 'clash', id: null, values: null, changes: null};
	record.fields.clear();
	for (const [name, value] of after) record.fields.set(name, value);
	if (unarchive) record.archived = false;
	for (const mapping of step.mapping) if (changed.includes(mapping.field)) addOptions(scene, mapping, after.get(mapping.field) ?? null);
	return {...result, outcome: 'updated', why: unarchive ? 'unarchived' : null, id: record.id, values: shown(scene, record), changes};
}

function resolved({conflict}: MappingRule, old: Value | null, value: Value | null, identifies: boolean): Value | null {
	if (conflict === 'overwrite') return value === null && identifies ? old : value;
	if (value === null) return old;
	if (conflict === 'overwrite_skip_blank') return value;
	if (conflict === 'only_update_blank') return old ?? value;
	if (typeof old === 'object' && typeof value === 'object' && old !== null) return [...old, ...value.filter((item) => !old.includes(item))];
	return value;
}

/** Whether the row fails for a value that another record holds; a claim that later rows may settle is noted instead. */
function claim(
	scene: Scene,
	row: Row,
	fields: ReadonlyMap<string, Value>,
	names: readonly string[],
	self: string | null,
	aside: string | null,
) {
	const claims: Claim[] = [];
	for (const name of names) {
		const value = fields.get(name);
		if (value === undefined) continue;
		const others = [...recordsOf(scene.world, scene.step.object).values()].filter(({id}) => id !== self && id !== aside);
		const holders = others.filter(({id}) => stillHolds(scene, id, {number: 0, field: name, value, holders: []})).map(({id}) => id);
		if (holders.length > 0) claims.push({number: row.number, field: name, value, holders});
	}
	if (claims.length > 0 && scene.clashing.has(row.number)) return true;
	scene.claims.push(...claims);
	return false;
}

function uniqueFields({world, step}: Scene): readonly string[] {
	return objectIn(world, step.object)
		.fields.filter(({unique, identifier}) => unique || identifier)
		.map(({apiName}) => apiName);
}

function pushAside({world, step, mark}: Scene, record: Person): void {
	const identifier = identifierIn(world, step.object).apiName;
	const base = `${record.fields.get(identifier)}${mark}`;
	const names = new Set([...recordsOf(world, step.object).values()].map(({fields}) => fields.get(identifier)));
	let name = base;
	for (let number = 2; names.has(name); number++) name = `${base} ${number}`;
	record.fields.set(identifier, name);
}

function incoming(scene: Scene, mapping: MappingRule, {texts}: Row): {refused: boolean; value: Value | null} {
	const {world, step} = scene;
	const field = fieldIn(world, step.object, mapping.field);
	const given = mapping.variables
		.flatMap((name) => texts[name] ?? [])
		.map((text) => text.trim())
		.filter((text) => text !== '');
	if (given.length === 0) return {refused: false, value: null};
	const items = field.multiple ? given : [given.join(mapping.join)];
	const values = items.map((text) => {
		if (field.type === 'relationship') {
			const record = related(world, field.object ?? '', text);
			return record && !record.archived ? record.id : undefined;
		}
		if (field.options.length > 0 && !mapping.createOptions && !optionsOf(world, step.object, field.apiName).has(text)) return undefined;
		return normal(text, field);
	});
	if (values.includes(undefined)) return {refused: true, value: null};
	return {refused: false, value: field.multiple ? [...new Set(values.map(String))] : (values[0] ?? null)};
}

function optionsOf(world: World, object: string, field: string): Set<string> {
	return new Set([...fieldIn(world, object, field).options, ...(world.options.get(`${object}.${field}`) ?? [])]);
}

function addOptions({world, step}: Scene, mapping: MappingRule, value: Value | null): void {
	if (!mapping.createOptions || value === null || fieldIn(world, step.object, mapping.field).options.length === 0) return;
	const known = optionsOf(world, step.object, mapping.field);
	const added = (typeof value === 'object' ? value : [String(value)]).filter((option) => !known.has(option));
	const name = `${step.object}.${mapping.field}`;
	if (added.length > 0) world.options.set(name, new Set([...(world.options.get(name) ?? []), ...added]));
}

function shown({step}: Scene, {fields}: Person): Record<string, Value | null> {
	return Object.fromEntries(step.mapping.map(({field}) => [field, fields.get(field) ?? null]));
}

function isBlank(text: string | readonly string[] | null | undefined): boolean {
	return typeof text !== 'string' || text.trim() === '';
}
