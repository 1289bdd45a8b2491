import type {RecordReader} from '../../../store/record-store.js';
import {type CompiledStep, idPosition} from './compile-step.js';
import type {LookupCache} from './lookup-cache.js';

/** Asks the store all open questions, a round trip for each field and one for the records. */
export async function runLookups(step: CompiledStep, answers: LookupCache, reader: RecordReader): Promise<void> {
	const object = step.object.apiName;
	const {lookups, records} = answers.takeRequests();
	for (const [position, values] of lookups) {
		const field = position === idPosition ? 'id' : (step.layout[position]?.apiName ?? 'id');
		answers.add(position, await reader.lookup(object, field, values));
	}
	if (records.size === 0) return;
	const fields = step.layout.map(({apiName}) => apiName);
	answers.addRecords(await reader.read(object, [...records], fields));
}
