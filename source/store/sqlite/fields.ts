import {SluiceError} from '../../model/errors.js';
import {nearest} from '../../model/nearest.js';
import type {Field, ObjectDefinition} from '../../model/object.js';

/** A record's own id, asked for like a field. It has no column. */
export const idField: Field = {
	apiName: 'id',
	name: 'Id',
	type: 'uuid',
	identifier: false,
	required: false,
	unique: true,
	options: [],
	object: null,
	multiple: false,
};

/** Finds a definition's fields by name, `id` included. It throws SluiceError `store.unknown` for any other. */
export function fieldsOf(object: ObjectDefinition): (name: string) => Field {
	const fields = new Map([...object.fields, idField].map((field) => [field.apiName, field]));
	return (name) => {
		const field = fields.get(name);
		if (field) return field;
		const meant = nearest(name, fields.keys());
		throw new SluiceError('store.unknown', `Object ${object.apiName} has no field ${name}.`, {
			expected: [...fields.keys()].join(', '),
			cure: meant ? `Did you mean ${meant}?` : undefined,
		});
	};
}
