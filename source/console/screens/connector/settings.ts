import type {ConnectorDetail} from '../../../api/contract.js';
import type {Connector, ConnectorSettings, Schedule} from '../../../model/connector.js';
import type {Span} from '../../theme/paint.js';
import {countOf} from '../shared/words.js';

const nameWidth = 18;

/** What the file says beside variables and load steps, in sentences rather than keys. */
export function settingLines(detail: ConnectorDetail, connector: Connector): readonly (readonly Span[])[] {
	const {settings, schedule, source, webhook, referenceData, secrets, sqlParameters, engine, diffCheck} = connector;
	const pairs: readonly (readonly [string, string])[] = [
		['file', detail.file],
		['runs at once', settings.maxConcurrentExecutions === 0 ? '0: it queues and runs nothing' : String(settings.maxConcurrentExecutions)],
		['chunk size', countOf(settings.chunkSize, 'row')],
		['diff check', diffCheck ? 'on: rows that did not change are skipped' : 'off: every row is loaded'],
		['stops after', stopText(settings)],
		['mails', mailText(settings)],
		['calls when ended', settings.executionEndedWebhook?.url ?? 'nobody'],
		['keeps executions', countOf(settings.keepExecutionsDays, 'day')],
		['schedule', schedule === null ? 'none' : scheduleText(schedule)],
		[
			'source',
			source === null
				? 'none: the input is given by hand'
				: 'file' in source
					? source.file
					: 'url' in source
						? source.url
						: 'database' in source
							? `${source.database} ${source.secret}`
							: 'SQL',
		],
		['webhook', webhook === null ? 'none' : `requests are gathered every ${webhook.cadenceSeconds} s`],
		['reference data', referenceData.map(({object, fields}) => `${object} (${fields.join(', ') || 'kizen_id'})`).join('; ') || 'none'],
		[
			'SQL parameters',
			Object.entries(sqlParameters)
				.map(([name, value]) => `${name}=${value}`)
				.join(', ') || 'none',
		],
		['secrets', secrets.join(', ') || 'none'],
		['SQL engine', engine ?? 'any'],
	];
	return pairs.map(([name, text]): readonly Span[] => [{text: name.padEnd(nameWidth), tone: 'strong'}, {text}]);
}

/** `daily at 06:30, Europe/Paris`. */
export function scheduleText(schedule: Schedule): string {
	if ('cadenceSeconds' in schedule) return `every ${schedule.cadenceSeconds} s`;
	const zone = schedule.timezone === null ? '' : `, ${schedule.timezone}`;
	if ('cron' in schedule) return `cron ${schedule.cron}${zone}`;
	if (schedule.every === 'manual_only') return 'by hand only';
	return `${schedule.every}${schedule.on === null ? '' : ` on ${schedule.on}`}${schedule.at === null ? '' : ` at ${schedule.at}`}${zone}`;
}

function stopText({stopAfter}: ConnectorSettings): string {
	if (stopAfter === null) return 'never: errored rows do not stop a run';
	const {errors, percent} = stopAfter;
	return [errors === null ? '' : countOf(errors, 'errored row'), percent === null ? '' : `${percent} % errored`]
		.filter((part) => part !== '')
		.join(' or ');
}

function mailText({notificationEmails, notifyOn, notifyStarter}: ConnectorSettings): string {
	const when = typeof notifyOn === 'string' ? 'however a run ends' : `when a run ends as ${notifyOn.join(' or ')}`;
	const listed = notificationEmails.length === 0 ? [] : [`${notificationEmails.join(', ')}, ${when}`];
	const all = [...listed, ...(notifyStarter ? ['who starts a run'] : [])];
	return all.length === 0 ? 'nobody' : all.join('; ');
}
