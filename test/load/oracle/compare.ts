import type {Connector} from '../../../source/model/connector.js';
import type {FieldValue} from '../../../source/model/value.js';
import type {RecordStore} from '../../../source/store/record-store.js';
import {connector, variable} from '../build.js';
import {MemoryStore} from '../memory-store.js';
import {type GivenRow, loadRows, type RowOutcome} from '../run.js';
import {type Result, runStep} from './oracle.js';
import type {Scenario, Seed, Texts} from './scenario.js';
import type {Value, World} from './world.js';

/** One side's account of a scenario, ids replaced by what identifies the record, so that the two can be laid side by side. */
export type Account = {readonly rows: readonly unknown[]; readonly records: readonly unknown[]; readonly options: readonly unknown[]};

const lists = ['topics', 'boxes', 'partners', 'friends'];
const names = ['code', 'badge', 'city', 'extra', 'score', 'tier', 'boss', 'company', 'id', ...lists];

export function connectorOf({steps, chunkSize}: Scenario, size = chunkSize): Connector {
	const variables = names.map((name) => variable(name, name === 'score' ? 'number' : 'string', {array: lists.includes(name)}));
	return connector(variables, [...steps], size);
}

/** A plain store with the scenario's seeds, and a look at all it holds. */
export function storeOf({objects, seeds}: Scenario): [MemoryStore, () => Promise<Held>] {
	const store = new MemoryStore(objects);
	for (const {object, id, archived, fields} of seeds) {
		store.add(object, id, typedFields(objects, object, fields), archived);
	}
	return [store, async () => store.records];
}

/** A seed's texts as values. */
export function typedFields(objects: Scenario['objects'], object: string, fields: Seed['fields']): Record<string, FieldValue> {
	return Object.fromEntries(
		Object.entries(fields).map(([name, value]) => [name, isInteger(objects, object, name) ? Number(value) : value]),
	);
}

function isInteger(objects: Scenario['objects'], object: string, name: string): boolean {
	return objects.find(({apiName}) => apiName === object)?.fields.find(({apiName}) => apiName === name)?.type === 'integer';
}

/** The records of each object, by id. */
export type Held = ReadonlyMap<string, ReadonlyMap<string, {readonly archived: boolean; readonly fields: ReadonlyMap<string, FieldValue>}>>;

/** Runs the engine over a store that holds the scenario's seeds, step by step; the ids that a step exposes become variables of the next. */
export async function byEngine(
	scenario: Scenario,
	store: RecordStore,
	held: () => Promise<Held>,
	chunkSize = scenario.chunkSize,
): Promise<Account & {outcomes: RowOutcome[][]}> {
	const ids: Record<string, (string | null)[]> = {};
	const outcomes: RowOutcome[][] = [];
	const configuration = connectorOf(scenario, chunkSize);
	for (const [index, {exposeAs}] of scenario.steps.entries()) {
		const rows = scenario.rows.flatMap((texts, row): GivenRow[] =>
			texts ? [{number: row + 1, texts: {...asJson(texts), ...at(ids, row)}}] : [],
		);
		const done = await loadRows(store, scenario.objects, configuration, rows, {step: index + 1});
		outcomes.push(done);
		if (exposeAs) ids[exposeAs] = scenario.rows.map((_, row) => done.find(({number}) => number === row + 1)?.recordId ?? null);
	}
	const records = await held();
	const name = namer(
		[...records].flatMap(([object, all]) => [...all].map(([id, {fields}]) => [id, `${object}:${fields.get('code')}`] as const)),
	);
	return {
		outcomes,
		rows: outcomes.map((done) =>
			done.map((row) => ({
				...row,
				reason: kindOf(row),
				warnings: row.warnings.length,
				recordId: name(row.recordId),
				record: undefined,
				values: row.recordId && row.changes !== undefined && !isLeftAlone(row) ? mapValues(row.values, (text) => name(text)) : null,
				changes: row.changes === '' ? null : numbersAsText(JSON.parse(String(name(row.changes)))),
			})),
		),
		records: [...records].map(([object, all]) => [
			object,
			sorted(
				[...all.values()].map(({archived, fields}) => ({
					archived,
					fields: mapValues(Object.fromEntries(fields), (value) => name(asText(value))),
				})),
			),
		]),
		options: await Promise.all(optionFields(scenario).map(async ([object, field]) => [...(await store.options(object, field))].sort())),
	};
}

export function byOracle(scenario: Scenario, mark: string): Account {
	const world: World = {
		objects: scenario.objects,
		records: new Map(scenario.objects.map(({apiName}) => [apiName, new Map()])),
		options: new Map(),
	};
	for (const {object, id, archived, fields} of scenario.seeds)
		world.records.get(object)?.set(id, {id, archived, fields: new Map(Object.entries(fields))});
	const ids: Record<string, (string | null)[]> = {};
	const results: Result[][] = [];
	let made = 0;
	const newId = () => `0196ffff-0000-7000-8000-${String(++made).padStart(12, '0')}`;
	for (const step of scenario.steps) {
		const rows = scenario.rows.flatMap((texts, row) => (texts ? [{number: row + 1, texts: {...texts, ...at(ids, row)}}] : []));
		const done = runStep(world, step, rows, scenario.chunkSize, mark, newId);
		results.push(done);
		if (step.exposeAs) ids[step.exposeAs] = scenario.rows.map((_, row) => done.find(({number}) => number === row + 1)?.id ?? null);
	}
	const name = namer(
		[...world.records].flatMap(([object, records]) =>
			[...records.values()].map(({id, fields}) => [id, `${object}:${fields.get('code')}`] as const),
		),
	);
	return {
		rows: results.map((done) =>
			done.map((row) => ({
				number: row.number,
				outcome: row.outcome,
				reason: row.why,
				warnings: row.warnings,
				recordId: name(row.id),
				record: undefined,
				rule: row.rule,
				values: row.values ? mapValues(row.values, (value) => name(asText(value))) : null,
				changes: row.changes ? JSON.parse(String(name(JSON.stringify(row.changes)))) : null,
			})),
		),
		records: [...world.records].map(([object, records]) => [
			object,
			sorted(
				[...records.values()].map(({archived, fields}) => ({
					archived,
					fields: mapValues(Object.fromEntries(fields), (value) => name(asText(value))),
				})),
			),
		]),
		options: optionFields(scenario).map(([object, field, defined]) =>
			[...new Set([...defined, ...(world.options.get(`${object}.${field}`) ?? [])])].sort(),
		),
	};
}

/** The oracle's numbers are texts; the engine writes integers as numbers. */
function numbersAsText(changes: unknown): unknown {
	return JSON.parse(JSON.stringify(changes), (_key, value: unknown) => (typeof value === 'number' ? String(value) : value));
}

function optionFields({objects}: Scenario): readonly (readonly [string, string, readonly string[]])[] {
	return objects.flatMap(({apiName, fields}) =>
		fields.filter(({options}) => options.length > 0).map((field) => [apiName, field.apiName, field.options] as const),
	);
}

function at(ids: Record<string, (string | null)[]>, row: number): Record<string, string | null> {
	return Object.fromEntries(Object.entries(ids).map(([name, all]) => [name, all[row] ?? null]));
}

function asJson(texts: Texts): Record<string, string | null> {
	return Object.fromEntries(
		Object.entries(texts).map(([name, text]) => [name, typeof text === 'string' || text === null ? text : JSON.stringify(text)]),
	);
}

function isLeftAlone({outcome, reason}: RowOutcome): boolean {
	return outcome === 'errored' || (outcome === 'skipped' && reason !== 'no change');
}

/** The kind of a reason, from its words. */
function kindOf({reason}: RowOutcome): string | null {
	if (reason === null || reason === 'no change' || reason === 'unarchived') return reason;
	if (/^do not upload: \S+ is blank/.test(reason)) return 'do not upload: blank';
	if (/^do not upload: no record/.test(reason)) return 'do not upload: none';
	if (/^do not upload: a record/.test(reason)) return 'do not upload: single';
	if (/^do not upload: several/.test(reason)) return 'do not upload: several';
	if (/^do not upload: an archived/.test(reason)) return 'do not upload: archived';
	if (/is already held by/.test(reason)) return 'clash';
	if (/a new record needs/.test(reason)) return 'lack';
	return /^the archived record that matched is now/.test(reason) ? 'aside' : reason;
}

function namer(known: readonly (readonly [string, string])[]): (text: string | null | undefined) => string | null {
	return (text) => (text === null || text === undefined ? null : known.reduce((named, [id, name]) => named.replaceAll(id, name), text));
}

function asText(value: FieldValue | Value | null): string | null {
	if (value === null) return null;
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function mapValues<Before, After>(fields: Readonly<Record<string, Before>>, change: (value: Before) => After): Record<string, After> {
	return Object.fromEntries(
		Object.entries(fields)
			.map(([name, value]) => [name, change(value)] as const)
			.sort(([a], [b]) => (a < b ? -1 : 1)),
	);
}

function sorted(members: readonly unknown[]): unknown[] {
	return members.map((member) => JSON.stringify(member)).sort();
}
