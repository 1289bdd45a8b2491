import {fillExportPath} from '../../model/export-path.js';
import type {ExecutionJob} from '../protocol.js';

/** Where this execution writes: the same after every interruption. */
export function exportPathOf({connector, startedAt, locale, id}: Pick<ExecutionJob, 'connector' | 'startedAt' | 'locale' | 'id'>): string {
	const object = connector.export && 'object' in connector.export.from ? connector.export.from.object : null;
	return fillExportPath(connector.export?.to ?? '', {
		startedAt,
		timezone: locale.timezone,
		execution: id,
		connector: connector.apiName,
		object,
	});
}
