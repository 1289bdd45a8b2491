import type {Connector, Source} from '../../model/connector.js';
import {SluiceError} from '../../model/errors.js';
import {diskTroubleOf} from '../../platform/disk-trouble.js';
import {failpoint} from '../../platform/failpoint.js';
import {clockActor, requireActive, Withdrawn} from '../clock/actor.js';
import type {Services} from '../services.js';
import {fromSource} from '../submit/from-source.js';
import {submit} from '../submit/submit.js';
import {freshnessName, sourceLabel, sourceText} from './fingerprints.js';
import {type FetchedConnector, inScratch, isFetched, look, withoutSecrets} from './poll-source.js';
import {failAtSource} from './record-failure.js';
import {type FileConnector, takeFiles} from './take-files.js';
import type {Tick} from './types.js';

/**
 * Looks at a connector's source and puts what is new into the queue (SPEC 11). What is remembered of the source moves with the acceptance
 * of the execution alone. Nothing new: no execution, and one line in the history until something changes. A source that cannot be read
 * gives one failed execution, and no other until it could be read again.
 *
 * @throws when this machine cannot do it now, such as on a full disk; the tick is not answered then
 */
export async function takeFromSource(services: Services, connector: Connector & {readonly source: Source}, tick: Tick): Promise<void> {
	try {
		const taken = isFetched(connector)
			? await takeFetched(services, connector, tick)
			: await takeFiles(services, connector as FileConnector, tick);
		if (taken === 'nothing new') nothingNew(services, connector, tick);
	} catch (error) {
		// why: its ticks are not made up when it is activated again (SPEC 4).
		if (error instanceof Withdrawn || (error instanceof SluiceError && error.code === 'daemon.stopping')) return;
		if (diskTroubleOf(error)) throw error;
		if (error instanceof SluiceError && error.code === 'source.cancelled') {
			// The tick is over; the next one looks again, if there is one.
			services.control.ticks.answer(connector.apiName, tick.at, null);
			return;
		}
		const failure = withoutSecrets(error, services.vault);
		// The daemon ends: the tick is not answered, and the next daemon looks again.
		if (failure.code === 'task.stopped') throw failure;
		if (failure.code === 'internal' || failure.code === 'task.failed')
			services.log.error({err: error, connector: connector.apiName}, 'a source');
		failed(services, connector, tick, failure);
	}
}

async function takeFetched(services: Services, connector: FetchedConnector, tick: Tick): Promise<'taken' | 'nothing new'> {
	const {control} = services;
	const {apiName, source} = connector;
	const text = sourceText(source);
	return await inScratch(services, async (scratch) => {
		const found = await look(services, connector, control.sources.memory(apiName, text).mark, scratch, {stopping: tick.stopping});
		failpoint('daemon.source.looked');
		if (!found.changed) return 'nothing new';
		const submission = fromSource(connector, found.input, {triggeredBy: 'source', detail: {tick: new Date(tick.at).toISOString()}});
		const accepted = (id: string): void => {
			requireActive(services, apiName);
			control.ticks.answer(apiName, tick.at, id);
			control.sources.take(apiName, text, found.mark, id);
		};
		try {
			await submit(services, {...submission, notes: [...tick.notes, ...found.notes], accepted}, clockActor);
		} catch (error) {
			if (!(error instanceof SluiceError && error.code === 'intake.too_costly') || found.mark === null) throw error;
			// What ended its reader counts as taken: it is not tried again until the source changes (SPEC 17).
			failAtSource(services, connector, withoutSecrets(error, services.vault), accepted);
		}
		return 'taken';
	});
}

/** One line for as long as nothing changes: a look every minute must not fill the history. */
function nothingNew({control}: Services, {apiName, source}: Connector & {readonly source: Source}, {at}: Tick): void {
	const text = sourceText(source);
	const {told, changedAt, execution} = control.sources.memory(apiName, text);
	control.together(() => {
		control.ticks.answer(apiName, at, null);
		if (told === 'unchanged') return;
		control.sources.tell(apiName, text, 'unchanged');
		control.history.add(clockActor, {
			what: 'unchanged',
			connector: apiName,
			execution,
			detail: {source: sourceLabel(source), freshness: freshnessName(source), since: changedAt},
		});
	});
}

function failed(services: Services, connector: Connector & {readonly source: Source}, {at}: Tick, error: SluiceError): void {
	const {control} = services;
	const {apiName, source} = connector;
	const text = sourceText(source);
	const told = `failed ${error.code} ${error.message}`;
	if (control.sources.memory(apiName, text).told === told || !control.connectors.state(apiName).active) {
		control.ticks.answer(apiName, at, null);
		return;
	}
	failAtSource(services, connector, error, (id) => {
		control.ticks.answer(apiName, at, id);
		control.sources.tell(apiName, text, told);
	});
}
