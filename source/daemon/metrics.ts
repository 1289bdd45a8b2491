import {type IntervalHistogram, monitorEventLoopDelay} from 'node:perf_hooks';
import type {Control} from './control/control.js';

const chunkBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What `/metrics` tells that no table holds: how long chunks took, and what webhooks were answered, since this daemon started. */
export class Metrics {
	#chunks = 0;
	#seconds = 0;
	readonly #webhooks = new Map<string, number>();
	readonly #loop: IntervalHistogram = monitorEventLoopDelay({resolution: 10});
	readonly #buckets = chunkBuckets.map(() => 0);

	constructor() {
		this.#loop.enable();
	}

	chunkTook(seconds: number): void {
		this.#chunks++;
		this.#seconds += seconds;
		chunkBuckets.forEach((bound, index) => {
			if (seconds <= bound) this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
		});
	}

	/** @param connector null for a path that names none: what anybody makes up is one series */
	webhookAnswered(connector: string | null, status: number): void {
		const labels = `connector="${escaped(connector ?? '')}",answer="${status}"`;
		this.#webhooks.set(labels, (this.#webhooks.get(labels) ?? 0) + 1);
	}

	/** Prometheus text, version 0.0.4 (SPEC 16). */
	text(control: Control, connectors: readonly string[]): string {
		const totals = control.totals.all();
		const ofMetric = (name: string, label: string): readonly string[] =>
			totals
				.filter(({metric}) => metric === name)
				.map((total) => `sluice_${name}_total{${label}="${escaped(total.label)}"} ${total.amount}`);
		const depth = connectors.map(
			(name) => `sluice_queue_depth{connector="${escaped(name)}"} ${control.executions.liveCount(name, 'queued')}`,
		);
		const lines = [
			...family('sluice_executions_total', 'counter', 'Executions that ended, by status', ofMetric('executions', 'status')),
			...family('sluice_rows_total', 'counter', 'Rows of live load steps, by outcome', ofMetric('rows', 'outcome')),
			...family('sluice_executions_running', 'gauge', 'Executions that run', [
				`sluice_executions_running ${control.executions.count('running')}`,
			]),
			...family('sluice_queue_depth', 'gauge', 'Live executions that wait', depth),
			...family('sluice_chunk_seconds', 'histogram', 'How long a chunk took', this.#histogram()),
			...family('sluice_event_loop_delay_seconds', 'gauge', 'How late the daemon came to its work since it was last asked', this.#delays()),
			...family('sluice_memory_bytes', 'gauge', 'Resident memory of the daemon', [`sluice_memory_bytes ${process.memoryUsage.rss()}`]),
			...family(
				'sluice_webhook_requests_total',
				'counter',
				'Webhook requests since the daemon started, by connector (empty: none of that name) and answer',
				[...this.#webhooks].map(([labels, requests]) => `sluice_webhook_requests_total{${labels}} ${requests}`),
			),
			...family('sluice_deliveries_total', 'counter', 'Mails, webhooks and automations, by state', ofMetric('deliveries', 'state')),
		];
		return `${lines.join('\n')}\n`;
	}

	#delays(): readonly string[] {
		const samples = [50, 99, 100].map(
			(percent) => `sluice_event_loop_delay_seconds{quantile="${percent / 100}"} ${this.#loop.percentile(percent) / 1e9}`,
		);
		this.#loop.reset();
		return samples;
	}

	#histogram(): readonly string[] {
		return [
			...chunkBuckets.map((bound, index) => `sluice_chunk_seconds_bucket{le="${bound}"} ${this.#buckets[index] ?? 0}`),
			`sluice_chunk_seconds_bucket{le="+Inf"} ${this.#chunks}`,
			`sluice_chunk_seconds_sum ${this.#seconds}`,
			`sluice_chunk_seconds_count ${this.#chunks}`,
		];
	}
}

function family(name: string, type: string, help: string, samples: readonly string[]): readonly string[] {
	return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples];
}

function escaped(label: string): string {
	return label.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
