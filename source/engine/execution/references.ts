import type {ExecutionStore} from '../../store/record-store.js';
import type {ExecutionJob} from '../protocol.js';
import type {ReferenceRecords} from '../sql/reference-tables.js';

/** The records that the connector's SQL may read, as the store stands now (SPEC 5.1). */
export function referencesOf(
	{connector, objects}: Pick<ExecutionJob, 'connector' | 'objects'>,
	store: ExecutionStore,
): readonly ReferenceRecords[] {
	return connector.referenceData.flatMap(({object: name, fields: wanted, filterGroup}) => {
		const object = objects.find(({apiName}) => apiName === name);
		if (!object) return [];
		const fields = wanted.flatMap((field) => object.fields.filter(({apiName}) => apiName === field));
		const where = object.filterGroups.find(({apiName}) => apiName === filterGroup)?.where ?? null;
		return [{object: name, fields, blocks: store.referenceBlocks(name, wanted, where)}];
	});
}
