import {closeSync, openSync} from 'node:fs';

/**
 * Every place where a runner has an effect that outlives it, before and after. A process can be made to die at each, once: that is how
 * the tests know that what is left there is always something to go on from.
 */
export const runnerFailpoints = [
	'runner.lease.taken',
	'runner.input.read',
	'runner.pages.written',
	'runner.sql.ended',
	'runner.outputs.kept',
	'runner.zip.written',
	'runner.variables.typed',
	'runner.diff.marked',
	'runner.prepared.before',
	'runner.prepared.after',
	'runner.chunk.begun',
	'runner.segment.written',
	'runner.commit.before',
	'runner.commit.after',
	'runner.merge.before',
	'runner.merge.after',
	'runner.memory.begun',
	'runner.memory.written',
	'runner.finish.before',
	'runner.finish.after',
	'runner.export.selected',
	'runner.export.written',
	'runner.export.before',
	'runner.export.after',
	'runner.sheet.built',
	'runner.report.before',
	'runner.report.after',
	'runner.ended.before',
	'runner.events.forgotten',
	'runner.archive.before',
	'runner.archive.after',
] as const;

/** The same of the daemon. */
export const daemonFailpoints = [
	'daemon.submission.copied',
	'daemon.submission.before',
	'daemon.submission.after',
	'daemon.lease.before',
	'daemon.lease.after',
	'daemon.fork.before',
	'daemon.fork.after',
	'daemon.fork.recorded',
	'daemon.progress.before',
	'daemon.progress.after',
	'daemon.ended.before',
	'daemon.ended.after',
	'daemon.activation.before',
	'daemon.activation.after',
	'daemon.deactivation.before',
	'daemon.deactivation.after',
	'daemon.cancel.before',
	'daemon.cancel.after',
	'daemon.cancel.asking',
	'daemon.cancel.asked',
	'daemon.archive.told',
	'daemon.archive.done',
	'daemon.ack.before',
	'daemon.ack.after',
	'daemon.validation.before',
	'daemon.validation.after',
	'daemon.outbox.before',
	'daemon.outbox.after',
	'daemon.delivery.before',
	'daemon.delivery.sent',
	'daemon.delivery.after',
] as const;

/** Those of the clock, of sources, and of what becomes of their files. */
export const clockFailpoints = [
	'daemon.tick.due',
	'daemon.tick.answered',
	'daemon.source.looked',
	'daemon.source.listed',
	'daemon.retention.begun',
	'daemon.retention.sampled',
	'daemon.retention.aside',
	'daemon.retention.linked',
	'daemon.retention.moved',
	'daemon.retention.removed',
	'daemon.retention.settled',
	'daemon.clearing.removed',
	'daemon.clearing.recorded',
] as const;
/** The same of the intake of webhooks: what stands between a request and the execution of its window. */
export const webhookFailpoints = [
	'daemon.webhook.kept.before',
	'daemon.webhook.kept.after',
	'daemon.window.chosen',
	'daemon.window.written',
	'daemon.window.queued.before',
	'daemon.window.queued.after',
	'daemon.window.emptied',
] as const;

export type Failpoint =
	| (typeof runnerFailpoints)[number]
	| (typeof daemonFailpoints)[number]
	| (typeof clockFailpoints)[number]
	| (typeof webhookFailpoints)[number];

/** Which one is set, and the file that says it was reached. Read once: a process without one pays a comparison. */
const {SLUICE_FAILPOINT: chosen, SLUICE_FAILPOINT_MARKER: marker, SLUICE_FAILPOINT_SIGNAL: signal = 'SIGKILL'} = process.env;

/** Ends this process here with SIGKILL (or the signal of `SLUICE_FAILPOINT_SIGNAL`), the first time any process of the test comes by. */
export function failpoint(name: Failpoint): void {
	if (chosen !== name || marker === undefined || !isFirst(marker)) return;
	process.kill(process.pid, signal);
}

function isFirst(file: string): boolean {
	try {
		closeSync(openSync(file, 'wx', 0o600));
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	}
}
