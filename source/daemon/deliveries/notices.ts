import {createHash} from 'node:crypto';
import type {Connector} from '../../model/connector.js';
import type {Execution} from '../../model/execution.js';
import {toJson} from '../../model/json.js';
import {own} from '../../model/own.js';
import type {NewDelivery} from '../control/deliveries.js';

export type NoticeContext = {
	readonly workspaceName: string;
	/** Mail addresses by login. */
	readonly users: Readonly<Record<string, string>>;
	/** `run --notify ADDRESS`. */
	readonly notify: string | null;
	/** The first rows that need a look, a sentence each. */
	readonly reasons: readonly string[];
};

/**
 * What is sent when an execution has ended (SPEC 12): mails to `notification_emails`, to who started it, and to `--notify`; the
 * signed `execution_ended_webhook`. Dry runs tell nobody but the address that was named for them.
 */
export function notices(execution: Execution, {settings}: Pick<Connector, 'settings'>, context: NoticeContext): readonly NewDelivery[] {
	const live = execution.mode === 'live';
	const {notifyOn, notificationEmails, executionEndedWebhook} = settings;
	const wanted = live && (notifyOn === 'all' || notifyOn.some((status) => status === execution.status));
	const starter = own(context.users, execution.started_by);
	const addresses = [
		...(wanted ? notificationEmails : []),
		...(wanted && starter ? [starter] : []),
		...(context.notify ? [context.notify] : []),
	];
	const mails = [...new Set(addresses)].map((address) => mail(execution, address, context));
	if (!live || !executionEndedWebhook) return mails;
	const {url, secret} = executionEndedWebhook;
	const body = toJson({type: 'execution.ended', timestamp: execution.ended_at, data: execution});
	const webhook = {
		id: `msg_${execution.id}`,
		to: url,
		execution: execution.id,
		connector: execution.connector,
		payload: {kind: 'webhook' as const, url, secret, headers: {}, body},
	};
	return [...mails, webhook];
}

function mail(execution: Execution, to: string, {workspaceName, reasons}: NoticeContext): NewDelivery {
	const mark = createHash('sha256').update(to).digest('hex').slice(0, 12);
	const {id, connector, status, artifacts} = execution;
	return {
		id: `mail_${id}_${mark}`,
		to,
		execution: id,
		connector,
		payload: {
			kind: 'mail',
			subject: `[${workspaceName}] ${connector}: ${status}`,
			text: bodyOf(execution, reasons),
			attachment: artifacts.report,
		},
	};
}

function bodyOf(execution: Execution, reasons: readonly string[]): string {
	const {id, connector, mode, status, started_by, started_at, ended_at, error, warnings} = execution;
	return [
		`${connector}: the ${mode === 'dry' ? 'dry' : 'live'} run ended ${status}.`,
		'',
		...countLines(execution),
		`Started by ${started_by} at ${started_at ?? 'no time'}, ended at ${ended_at ?? 'no time'}.`,
		...(error ? ['', `${error.message}${error.where ? ` (${error.where})` : ''}`, error.cure ?? ''] : []),
		...listed(
			'Warnings:',
			warnings.slice(0, 10).map(({stage, message}) => `${stage}: ${message}`),
		),
		...listed('First rows to look at:', reasons),
		'',
		`All of it: sluice show ${id}`,
		'',
	].join('\n');
}

function countLines({operation, counts, input_file, stages, artifacts}: Execution): readonly string[] {
	if (operation === 'export') {
		const rows = stages.find(({stage}) => stage === 'export')?.rows ?? 0;
		return [artifacts.export ? `${rows} rows written to ${artifacts.export}.` : 'Nothing was written.'];
	}
	const {created, updated, skipped, errored} = counts;
	return [
		`Created ${created}, updated ${updated}, skipped ${skipped}, errored ${errored}; rows with warnings: ${counts.warnings}.`,
		`Input: ${input_file ?? 'none'}.`,
	];
}

function listed(title: string, lines: readonly string[]): readonly string[] {
	return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `- ${line}`)];
}
