import type {Field, ObjectDefinition} from '../../../source/model/object.js';

/** A value as the oracle sees it: its normal form, numbers as decimal text. Blank values are not kept at all. */
export type Value = string | boolean | readonly string[];
export type Person = {readonly id: string; archived: boolean; readonly fields: Map<string, Value>};
export type World = {
	readonly objects: readonly ObjectDefinition[];
	readonly records: Map<string, Map<string, Person>>;
	readonly options: Map<string, Set<string>>;
};

export function copyOf({objects, records, options}: World): World {
	const copyRecord = ({id, archived, fields}: Person): Person => ({id, archived, fields: new Map(fields)});
	return {
		objects,
		records: new Map([...records].map(([object, all]) => [object, new Map([...all].map(([id, record]) => [id, copyRecord(record)]))])),
		options: new Map([...options].map(([field, all]) => [field, new Set(all)])),
	};
}

export function objectIn(world: World, name: string): ObjectDefinition {
	const object = world.objects.find(({apiName}) => apiName === name);
	if (!object) throw new Error(`No object ${name}`);
	return object;
}

export function fieldIn(world: World, object: string, name: string): Field {
	const field = objectIn(world, object).fields.find(({apiName}) => apiName === name);
	if (!field) throw new Error(`No field ${object}.${name}`);
	return field;
}

export function identifierIn(world: World, object: string): Field {
	const field = objectIn(world, object).fields.find(({identifier}) => identifier);
	if (!field) throw new Error(`No identifier in ${object}`);
	return field;
}

export function recordsOf(world: World, object: string): Map<string, Person> {
	const records = world.records.get(object) ?? new Map<string, Person>();
	world.records.set(object, records);
	return records;
}

/** SPEC 8.1: text exactly, numbers by value. */
export function equal(a: Value, b: Value, field: Pick<Field, 'type'>): boolean {
	if (typeof a === 'object' && typeof b === 'object') return a.length === b.length && a.every((item) => b.includes(item));
	if (['decimal', 'money', 'integer', 'rating'].includes(field.type) && !String(a).includes('archived') && !String(b).includes('archived'))
		return Number(a) === Number(b);
	return a === b;
}
