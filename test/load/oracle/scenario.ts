import fc from 'fast-check';
import {
	archivedMatchActions,
	conflictModes,
	type LoadStep,
	type MappingRule,
	type MatchingRule,
	multipleMatchActions,
	noMatchActions,
	singleMatchActions,
} from '../../../source/model/load-step.js';
import type {ObjectDefinition} from '../../../source/model/object.js';
import {field, map, match, object, step} from '../build.js';

/** What the store holds at first. Values are texts in normal form; lists are arrays. */
export type Seed = {
	readonly object: string;
	readonly id: string;
	readonly archived: boolean;
	readonly fields: Readonly<Record<string, string | readonly string[]>>;
};
export type Texts = Readonly<Record<string, string | readonly string[] | null>>;
export type Scenario = {
	readonly objects: readonly ObjectDefinition[];
	readonly steps: readonly LoadStep[];
	readonly seeds: readonly Seed[];
	/** A row a member; null: skipped before the steps. */
	readonly rows: readonly (Texts | null)[];
	readonly chunkSize: number;
};

const idOf = (number: number) => `0196f000-0000-7000-8000-00000000000${number}`;
const identifiers = {
	text: ['A', 'B', 'C', 'D'],
	integer: ['1', '2', '3', '04.0'],
	email: ['a@x.io', 'B@x.io', 'c@x.io', 'nobody'],
} as const;
type IdentifierType = keyof typeof identifiers;

function objectsOf(type: IdentifierType, required: boolean): readonly ObjectDefinition[] {
	const code = field('code', type, {identifier: true});
	return [
		object(
			'people',
			code,
			field('badge', 'text', {unique: true}),
			field('city', 'text', {required}),
			field('score', 'integer'),
			field('tier', 'dropdown', {options: ['Gold', 'Silver']}),
			field('topics', 'dynamic_tags'),
			field('boxes', 'checkboxes', {options: ['x', 'y']}),
			field('boss', 'relationship', {object: 'people'}),
			field('company', 'relationship', {object: 'companies'}),
			field('partners', 'relationship', {object: 'companies', multiple: true}),
			field('friends', 'relationship', {object: 'people', multiple: true}),
		),
		object('companies', field('code', 'text', {identifier: true}), field('city', 'text'), field('badge', 'text', {unique: true})),
	];
}

const peopleFields = ['badge', 'city', 'score', 'tier', 'topics', 'boxes', 'boss', 'company', 'partners', 'friends'];
const matchable = ['code', 'code', 'badge', 'city', 'id', 'boss', 'company', 'score'];

const often = <Value>(blank: Value, values: readonly Value[]) =>
	fc.oneof({weight: 1, arbitrary: fc.constant(blank)}, {weight: 5, arbitrary: fc.constantFrom(...values)});

function ruleOf(fields: readonly string[], isLast: boolean, exposed: readonly string[]): fc.Arbitrary<MatchingRule> {
	const stays = <Action extends string>(actions: readonly Action[]) =>
		fc.constantFrom(...actions.filter((action) => !isLast || !action.startsWith('next_rule')));
	return fc
		.record({
			field: fc.constantFrom(...fields),
			noMatch: fc.oneof(fc.constant('create_new' as const), stays(noMatchActions)),
			singleMatch: fc.oneof(fc.constant('update_current' as const), stays(singleMatchActions)),
			multipleMatch: stays(multipleMatchActions),
			archivedMatch: stays(archivedMatchActions),
			byExposed: fc.boolean(),
		})
		.map(({byExposed, ...rule}) => match(rule.field, rule.field === 'id' && byExposed && exposed[0] ? exposed[0] : rule.field, rule));
}

function mappingOf(name: string, exposed: readonly string[]): fc.Arbitrary<MappingRule> {
	const multiple = ['topics', 'boxes', 'partners', 'friends'].includes(name);
	const modes = conflictModes.filter((mode) => multiple || mode !== 'only_add_options');
	return fc
		.record({
			conflict: fc.constantFrom(...modes),
			createOptions: fc.boolean(),
			joined: fc.integer({min: 0, max: 4}),
			byExposed: fc.boolean(),
		})
		.map(({conflict, createOptions, joined, byExposed}) => {
			const related = ['boss', 'company'].includes(name) && byExposed && exposed[0];
			const variables = related ? [exposed[0] as string] : name === 'city' && joined === 0 ? ['city', 'extra'] : [name];
			return map(name, conflict, {variables, createOptions: createOptions && ['tier', 'boxes'].includes(name)});
		});
}

function stepOf(number: number, exposed: readonly string[]): fc.Arbitrary<LoadStep> {
	return fc.boolean().chain((isPeople) => {
		const fields = isPeople ? peopleFields : ['city', 'badge'];
		return fc
			.tuple(
				fc
					.integer({min: 1, max: 3})
					.chain((rules) =>
						fc.tuple(
							...Array.from({length: rules}, (_, index) =>
								ruleOf(isPeople ? matchable : ['code', 'badge', 'city', 'id'], index === rules - 1, exposed),
							),
						),
					),
				mappingOf('code', exposed),
				fc.subarray(fields).chain((names) => fc.tuple(...names.map((name) => mappingOf(name, exposed)))),
			)
			.map(([rules, code, others]) => step(isPeople ? 'people' : 'companies', rules, [code, ...others], {exposeAs: `id_${number}`}));
	});
}

function rowOf(type: IdentifierType): fc.Arbitrary<Texts> {
	const known = identifiers[type];
	const list = (values: readonly string[]) =>
		fc.oneof(fc.constant(null), fc.array(fc.constantFrom(...values), {minLength: 1, maxLength: 3}));
	const people = [...known, idOf(1), idOf(2), 'Zed'];
	const companies = ['A', 'B', 'C', idOf(6), idOf(7), 'Zed'];
	return fc.record({
		code: often<string | null>(null, known),
		badge: often<string | null>(null, ['P', 'Q', 'R']),
		city: often<string | null>(null, ['Oslo', ' Rome ', 'x'.repeat(256)]),
		extra: often<string | null>('  ', ['North']),
		score: often<string | null>(null, ['1', '2.00', '1.5']),
		tier: often<string | null>(null, ['Gold', 'Silver', 'Lead']),
		topics: list(['a', 'b', 'c']),
		boxes: list(['x', 'y', 'z']),
		boss: often<string | null>(null, people),
		company: often<string | null>(null, companies),
		partners: list(companies),
		friends: list(people),
		id: often<string | null>(null, [idOf(1), idOf(2), idOf(6), 'nonsense']),
	});
}

function seedsOf(type: IdentifierType): fc.Arbitrary<readonly Seed[]> {
	const known = identifiers[type]
		.map((text) => (type === 'integer' ? String(Number(text)) : text.toLowerCase()))
		.map((text, index) => (type === 'text' ? (identifiers.text[index] as string) : text));
	const person = fc.record({
		archived: fc.boolean(),
		badge: often<string | null>(null, ['P', 'Q', 'R']),
		city: often<string | null>(null, ['Oslo', 'Rome']),
		score: often<string | null>(null, ['1', '2']),
		tier: often<string | null>(null, ['Gold', 'Silver']),
		topics: often<readonly string[] | null>(null, [['a'], ['b', 'c']]),
		boss: often<string | null>(null, [idOf(1), idOf(2)]),
		company: often<string | null>(null, [idOf(6), idOf(7)]),
		partners: often<readonly string[] | null>(null, [[idOf(6)], [idOf(6), idOf(7)]]),
	});
	const company = fc.record({
		archived: fc.boolean(),
		badge: often<string | null>(null, ['P', 'Q']),
		city: often<string | null>(null, ['Oslo']),
	});
	return fc
		.tuple(fc.array(person, {maxLength: 4}), fc.array(company, {maxLength: 3}))
		.map(([people, companies]) => [
			...people.map((record, index) => seed('people', idOf(index + 1), known[index] ?? '', record, people.slice(0, index))),
			...companies.map((record, index) =>
				seed('companies', idOf(index + 6), identifiers.text[index] ?? '', record, companies.slice(0, index)),
			),
		]);
}

type Loose = {readonly archived: boolean; readonly badge: string | null} & Readonly<Record<string, unknown>>;

/** A record of the store; a badge that an active one before has is left out, for no store would hold it. */
function seed(objectName: string, id: string, code: string, {archived, ...fields}: Loose, before: readonly Loose[]): Seed {
	const isTaken = !archived && before.some((other) => !other.archived && other.badge === fields.badge);
	const held = Object.entries({...fields, code, badge: isTaken ? null : fields.badge}).filter(([, value]) => value !== null);
	return {object: objectName, id, archived, fields: Object.fromEntries(held) as Seed['fields']};
}

export const scenarios: fc.Arbitrary<Scenario> = fc.constantFrom<IdentifierType>('text', 'integer', 'email').chain((type) =>
	fc.record({
		objects: fc.boolean().map((required) => objectsOf(type, required)),
		steps: fc
			.integer({min: 1, max: 3})
			.chain((count) => fc.tuple(...Array.from({length: count}, (_, index) => stepOf(index + 1, index === 0 ? [] : [`id_${index}`])))),
		seeds: seedsOf(type),
		rows: fc.array(fc.oneof({weight: 9, arbitrary: rowOf(type)}, {weight: 1, arbitrary: fc.constant(null)}), {minLength: 1, maxLength: 9}),
		chunkSize: fc.integer({min: 1, max: 9}),
	}),
);
