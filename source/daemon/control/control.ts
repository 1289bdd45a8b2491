import {connectorTable} from './connectors.js';
import {deliveryTable} from './deliveries.js';
import {executionTable} from './executions.js';
import {generationOf} from './generation.js';
import {historyTable} from './history.js';
import {keyValueTable} from './key-value.js';
import {openControl} from './open.js';
import {relocation} from './relocate.js';
import {sourceTable} from './sources.js';
import {tickTable} from './ticks.js';
import {totalTable} from './totals.js';
import {validationTable} from './validations.js';
import {webhookTable} from './webhooks.js';

export type Control = ReturnType<typeof control>;

/**
 * `control.db`: everything the daemon must not forget. It alone writes it.
 *
 * @param hide takes secrets out of the texts that are kept: details of the history, errors of executions and deliveries, problems
 * @param written called after each transaction
 * @param changed called when the history or a delivery changed, before the transaction that does it is over
 */
export function control(
	file: string,
	now: () => string = () => new Date().toISOString(),
	hide: (text: string) => string = (text) => text,
	written: () => void = () => undefined,
	changed: (what: 'history' | 'deliveries') => void = () => undefined,
) {
	const database = openControl(file);
	const generation = generationOf(database);
	const transaction = <Result>(work: () => Result): Result => {
		const done = database
			.transaction(() => {
				const result = work();
				generation.advance();
				return result;
			})
			.immediate();
		written();
		return done;
	};
	return {
		executions: executionTable(database, hide),
		connectors: connectorTable(database),
		history: historyTable(database, now, hide, () => changed('history')),
		validations: validationTable(database, now, hide),
		totals: totalTable(database),
		deliveries: deliveryTable(database, now, hide, () => changed('deliveries')),
		facts: keyValueTable(database),
		ticks: tickTable(database),
		sources: sourceTable(database, now),
		webhooks: webhookTable(database),
		relocation: relocation(database),
		now,
		/** All of `work`, or nothing of it. */
		together: transaction,
		/** Which database this is, and how often it was written. */
		generation: generation.read,
		/** A consistent copy of the database, made while it is in use. */
		copyTo: (target: string) => database.backup(target),
		close: () => database.close(),
	};
}
