import {toSluiceError} from '../../model/errors.js';
import type {Problem} from '../../model/problem.js';
import type {ConnectorEntry, Workspace} from '../../workspace/read-workspace.js';
import {systemActor} from '../control/history.js';
import type {Services} from '../services.js';
import {sqlHash, sqlOf} from './fingerprint.js';

/**
 * What follows from new content of the files (SPEC 5.6, 10): an active connector whose SQL text changed is deactivated and says
 * why, what was never validated as it stands is validated by itself, and an event tells it to all clients.
 */
export async function configurationTaken(services: Services, before: Workspace | null, now: Workspace): Promise<void> {
	const {validator} = services;
	for (const entry of now.connectors) {
		if (!entry.connector) continue;
		deactivateOnNewSql(services, entry);
		await validator.look(entry.connector);
	}
	announce(services, before, now);
	validateUnknown(services);
}

/** Validates by itself what was never validated as it stands. Nothing can be said while the store refuses its objects. */
export function validateUnknown({configuration, validator, log, storeProblems}: Services): void {
	if (storeProblems().length > 0) return;
	for (const {connector, missing, problems} of configuration.workspace.connectors) {
		if (!connector || missing.length > 0 || problems.length > 0 || validator.known(connector) !== null) continue;
		validator.validate(connector).catch((error: unknown) => {
			if (toSluiceError(error).code === 'daemon.stopping') return;
			log.warn({err: error, connector: connector.apiName}, 'a validation did not end');
		});
	}
}

function deactivateOnNewSql({control, log, looks}: Services, {apiName, connector}: ConnectorEntry): void {
	const state = control.connectors.state(apiName);
	if (!state.active || !connector || state.activeSql === sqlHash(connector)) return;
	const sql = sqlOf(connector);
	const reason = sql ? `${sql.file} changed` : 'its SQL was taken away';
	control.together(() => {
		control.connectors.deactivate(apiName, reason);
		control.history.add(systemActor, {what: 'deactivate', connector: apiName, detail: {reason}});
	});
	looks.cancel(apiName);
	log.info({connector: apiName, reason}, 'a connector was deactivated');
}

function announce({bus, views, dispatcher, clock}: Services, before: Workspace | null, now: Workspace): void {
	dispatcher.wake();
	clock.wake();
	if (!before) return;
	const known = new Set(before.connectors);
	for (const entry of now.connectors) if (!known.has(entry)) bus.publish({type: 'connector', connector: views.summary(entry.apiName)});
	const problems: readonly Problem[] = [...now.problems, ...now.connectors.flatMap((entry) => entry.problems)];
	bus.publish({type: 'problems', problems});
}
