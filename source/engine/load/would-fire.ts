import type {Listening} from '../../model/automation.js';
import type {WouldFire} from '../../model/execution.js';
import {own} from '../../model/own.js';
import type {SqlSession} from '../../model/sql-session.js';
import {identifier, keptTable, literal} from '../../model/sql-text.js';
import {stepOf} from './step-columns.js';
import type {StepRows} from './step-select.js';

/**
 * Counts what a live run of the step would fire, from the step's finished table (SPEC 8.4). An automation that the step names and that
 * listens as well is fired once for a record.
 */
export async function wouldFire(
	session: SqlSession,
	{connector, step}: Pick<StepRows, 'connector' | 'step'>,
	automations: readonly Listening[],
): Promise<readonly WouldFire[]> {
	const {object, automations: named} = stepOf(connector, step);
	const counted = automations.flatMap(({apiName, trigger, object: of, field}): readonly (readonly [string, string])[] => {
		const listens = !named.suppressTriggers && of === object;
		const created = named.onCreate.includes(apiName) || (listens && trigger === 'record_created');
		const updated = named.onUpdate.includes(apiName) || (listens && trigger === 'record_updated');
		const conditions = [
			...(created ? ["__outcome = 'created'"] : []),
			...(updated ? ["__outcome = 'updated'"] : []),
			...(!updated && listens && trigger === 'field_updated' && field !== null
				? [`(__outcome = 'updated' AND JSONHas(__changes, ${literal(field)}))`]
				: []),
		];
		return conditions.length === 0 ? [] : [[apiName, conditions.join(' OR ')]];
	});
	if (counted.length === 0) return [];
	const columns = counted.map(([apiName, condition]) => `countIf(${condition}) AS ${identifier(apiName)}`);
	const [row] = await session.rows<Record<string, string | number>>(`SELECT ${columns.join(', ')} FROM ${keptTable(`load:${step}`)}`);
	return counted.map(([automation]) => ({automation, times: Number(own(row ?? {}, automation) ?? 0)})).filter(({times}) => times > 0);
}
