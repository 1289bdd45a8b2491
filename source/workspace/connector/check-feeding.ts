import {connectorTypes} from '../../model/connector.js';
import type {ConnectorInput} from '../schema/connector-schema.js';
import type {Report} from '../shape/report.js';

/** What starts an import must go with its type (SPEC 4, 11): keys that belong to another are told, rather than ignored. */
export function checkFeeding({type, webhook, source, schedule, read}: ConnectorInput, report: Report): void {
	if (type === undefined) {
		report.lack([], ['type'], {code: 'workspace.missing_key', message: '"type" is missing', expected: connectorTypes.join(', ')});
		return;
	}
	if (webhook && type !== 'webhook') stray('webhook', type, 'type: webhook', report);
	if (source && type !== 'spreadsheet') stray('source', type, 'type: spreadsheet', report);
	if (read && type !== 'spreadsheet') stray('read', type, 'type: spreadsheet', report);
	if (schedule && type === 'webhook') stray('schedule', type, 'webhook.cadence, which says how often requests are gathered', report);
	if (schedule && schedule.every !== 'manual_only' && type === 'spreadsheet' && !source) {
		report.atKey(['schedule'], {
			code: 'workspace.contradiction',
			message: 'A scheduled spreadsheet needs a source to take its file from',
			expected: 'source, with file, url, sql or a database',
		});
	}
}

function stray(key: string, type: string, expected: string, report: Report): void {
	report.atKey([key], {code: 'workspace.contradiction', message: `"${key}" says nothing for the type ${type}`, expected});
}
