import {existsSync} from 'node:fs';
import type {ObjectDefinition} from '../../model/object.js';
import {hasTable} from './catalogue.js';
import {openForReading} from './connection.js';
import {storeError} from './store-error.js';

/** Options that runs added to a field and that its file does not list. */
export type AddedOptions = {readonly object: string; readonly field: string; readonly options: readonly string[]};

/** What runs added to the options of fields, by field. Free tags have no list. Opens the file for reading alone. @throws SluiceError `store.*` */
export function readAddedOptions(file: string, objects: readonly ObjectDefinition[]): readonly AddedOptions[] {
	if (!existsSync(file)) return [];
	const db = openForReading(file);
	try {
		if (!hasTable(db, 'main', 'option')) return [];
		const added = db.prepare('SELECT DISTINCT option FROM main.option WHERE object = ? AND field = ? ORDER BY option').pluck();
		return objects.flatMap(({apiName: object, fields}) =>
			fields
				.filter(({type}) => optionTypes.has(type))
				.map(({apiName: field, options: listed}) => {
					const options = (added.all(object, field) as string[]).filter((option) => !listed.includes(option));
					return {object, field, options};
				})
				.filter(({options}) => options.length > 0),
		);
	} catch (error) {
		throw storeError(error, file);
	} finally {
		db.close();
	}
}

const optionTypes: ReadonlySet<string> = new Set(['dropdown', 'radio', 'checkboxes']);
