import {createHash} from 'node:crypto';
import type {Connector} from '../../model/connector.js';
import type {Execution} from '../../model/execution.js';
import {toJson} from '../../model/json.js';
import {momentText} from '../../model/moment.js';
import {own} from '../../model/own.js';
import type {NewDelivery} from '../control/deliveries.js';
import {htmlOf, type MailPart, textOf} from './mail-body.js';

export type NoticeContext = {
	readonly workspaceName: string;
	/** Mail addresses by login. */
	readonly users: Readonly<Record<string, string>>;
	/** `run --notify ADDRESS`. */
	readonly notify: string | null;
	/** The first rows that need a look, a sentence each. */
	readonly reasons: readonly string[];
	/** The workspace's time zone. */
	readonly timezone: string;
};

/**
 * What is sent when an execution has ended (SPEC 12): mails to `notification_emails` for a live run that ended in a way of `notify_on`, to
 * who started it however it ended, dry runs too, and to `--notify`; the signed `execution_ended_webhook` for a live run.
 */
export function notices(execution: Execution, {settings}: Pick<Connector, 'settings'>, context: NoticeContext): readonly NewDelivery[] {
	const live = execution.mode === 'live';
	const {notifyOn, notificationEmails, notifyStarter, executionEndedWebhook} = settings;
	const wanted = live && (notifyOn === 'all' || notifyOn.some((status) => status === execution.status));
	const starter = notifyStarter ? own(context.users, execution.started_by) : undefined;
	const addresses = [...(wanted ? notificationEmails : []), ...(starter ? [starter] : []), ...(context.notify ? [context.notify] : [])];
	const mails = distinct(addresses).map((address) => mail(execution, address, context));
	if (!live || !executionEndedWebhook) return mails;
	const {url, secret, headers} = executionEndedWebhook;
	const body = toJson({type: 'execution.ended', timestamp: execution.ended_at, data: execution});
	const webhook = {
		id: `msg_${execution.id}`,
		to: url,
		execution: execution.id,
		connector: execution.connector,
		payload: {kind: 'webhook' as const, url, secret, headers, body},
	};
	return [...mails, webhook];
}

/** Addresses that differ in case alone are one mailbox. */
function distinct(addresses: readonly string[]): readonly string[] {
	return [...new Map(addresses.map((address) => [address.toLowerCase(), address])).values()];
}

function mail(execution: Execution, to: string, {workspaceName, reasons, timezone}: NoticeContext): NewDelivery {
	const {id, connector, mode, status, artifacts} = execution;
	const parts = partsOf(execution, reasons, timezone);
	return {
		id: `mail_${id}_${markOf(to)}`,
		to,
		execution: id,
		connector,
		payload: {
			kind: 'mail',
			subject: `[${workspaceName}] ${connector}: ${mode === 'dry' ? 'dry run ' : ''}${status}`,
			text: textOf(parts),
			html: htmlOf(parts),
			thread: markOf(JSON.stringify([workspaceName, connector])),
			attachment: artifacts.report,
		},
	};
}

function markOf(text: string): string {
	return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function partsOf(execution: Execution, reasons: readonly string[], timezone: string): readonly MailPart[] {
	const timeOf = (instant: string | null) => (instant === null ? 'no time' : momentText(instant, timezone));
	const {id, connector, mode, status, started_by, started_at, ended_at, error, warnings} = execution;
	return [
		{say: `${connector}: the ${mode === 'dry' ? 'dry' : 'live'} run ended ${status}.`},
		...resultOf(execution),
		{say: `Started by ${started_by} at ${timeOf(started_at)}, ended at ${timeOf(ended_at)}.`},
		...(error
			? [{say: [`${error.message}${error.where ? ` (${error.where})` : ''}`, ...(error.cure ? [error.cure] : [])].join('\n')}]
			: []),
		...listed(
			'Warnings:',
			warnings.slice(0, 10).map(({stage, message}) => `${stage}: ${message}`),
		),
		...listed('First rows to look at:', reasons),
		{say: `All of it: sluice show ${id}`},
	];
}

function resultOf({operation, counts, input_file, stages, artifacts}: Execution): readonly MailPart[] {
	if (operation === 'export') {
		const rows = stages.find(({stage}) => stage === 'export')?.rows ?? 0;
		return [{say: artifacts.export ? `${rows} rows written to ${artifacts.export}.` : 'Nothing was written.'}];
	}
	const {created, updated, skipped, errored} = counts;
	return [
		{
			counts: [
				['Created', created],
				['updated', updated],
				['skipped', skipped],
				['errored', errored],
				['rows with warnings', counts.warnings],
			],
		},
		{say: `Input: ${input_file ?? 'none'}.`},
	];
}

function listed(title: string, items: readonly string[]): readonly MailPart[] {
	return items.length === 0 ? [] : [{title, items}];
}
