import type {Field} from '../../../source/model/object.js';
import {equal, identifierIn, type Person, recordsOf, type Value, type World} from './world.js';

/** SPEC 3 for the few types the property test uses; undefined for a refused text. Blank texts do not come here. */
export function normal(text: string, field: Pick<Field, 'type'>): Value | undefined {
	switch (field.type) {
		case 'email':
			return /^[^@ ]+@[^@ ]+\.[^@ ]+$/.test(text) ? text.toLowerCase() : undefined;
		case 'integer':
			return /^-?\d+(\.0*)?$/.test(text) ? String(Number(text)) : undefined;
		case 'checkbox':
			return text === 'true';
		case 'text':
			return text.length > 255 ? undefined : text;
		case 'uuid':
			return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : undefined;
		default:
			return text;
	}
}

/** SPEC 8.2: a UUID is the related record's id; other text its identifier, exactly, in normal form. */
export function related(world: World, object: string, text: string): Person | undefined {
	const id = normal(text, {type: 'uuid'});
	if (typeof id === 'string') return recordsOf(world, object).get(id);
	const identifier = identifierIn(world, object);
	const value = normal(text, identifier);
	if (value === undefined) return undefined;
	const holders = [...recordsOf(world, object).values()].filter((record) => {
		const held = record.fields.get(identifier.apiName);
		return held !== undefined && equal(held, value, identifier);
	});
	const [oldest] = holders.filter(({archived}) => !archived).sort((a, b) => (a.id < b.id ? -1 : 1));
	return oldest ?? holders[0];
}
