import {type ConnectorSettings, defaultKeepDays} from '../../model/connector.js';
import {checkRequestHeaders} from '../request-headers.js';
import {type ConnectorInput, defaultSettings} from '../schema/connector-schema.js';
import {checkSecretReferences} from '../secret-references.js';
import type {Report} from '../shape/report.js';

/** How a connector runs (SPEC 2.2). `keep_executions_days` may stand in the source's retention too (SPEC 11). */
export function buildSettings({settings: given, source}: ConnectorInput, report: Report): ConnectorSettings {
	const settings = given ?? defaultSettings;
	const {execution_ended_webhook: webhook, stop_after} = settings;
	const kept = source?.retention?.keep_executions_days;
	if (webhook) {
		const at = ['settings', 'execution_ended_webhook'];
		checkSecretReferences(webhook.url, [...at, 'url'], report);
		checkRequestHeaders(webhook.headers, [...at, 'headers'], report);
	}
	if (stop_after && stop_after.errors === undefined && stop_after.percent === undefined) {
		report.lack(['settings', 'stop_after'], ['errors', 'percent'], {
			code: 'workspace.missing_key',
			message: '"stop_after" says no number',
			expected: 'errors, percent, or both',
		});
	}
	if (kept !== undefined && settings.keep_executions_days !== undefined && kept !== settings.keep_executions_days) {
		report.at(['settings', 'keep_executions_days'], {
			code: 'workspace.contradiction',
			message: `"keep_executions_days" is ${settings.keep_executions_days} here and ${kept} in source.retention`,
			expected: 'one of them',
		});
	}
	return {
		maxConcurrentExecutions: settings.max_concurrent_executions,
		chunkSize: settings.chunk_size,
		notificationEmails: settings.notification_emails,
		notifyOn: settings.notify_on,
		notifyStarter: settings.notify_starter,
		executionEndedWebhook: webhook ? {url: webhook.url, secret: webhook.secret, headers: webhook.headers} : null,
		stopAfter: stop_after ? {errors: stop_after.errors ?? null, percent: stop_after.percent ?? null} : null,
		keepExecutionsDays: settings.keep_executions_days ?? kept ?? defaultKeepDays,
	};
}
