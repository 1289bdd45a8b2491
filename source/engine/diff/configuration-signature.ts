import {createHash} from 'node:crypto';
import type {Connector} from '../../model/connector.js';

/**
 * What the memory of a diff check depends on besides the rows: a change of variables or load steps voids it (SPEC 7). The order in which
 * variables stand does not matter, that of load steps and what is inside them does.
 *
 * @returns sha256 in hexadecimal
 */
export function configurationSignature(connector: Pick<Connector, 'variables' | 'additionalVariables' | 'loadSteps'>): string {
	const byPlace = (a: {name: string; scope?: string}, b: {name: string; scope?: string}) =>
		compare(a.scope ?? '', b.scope ?? '') || compare(a.name, b.name);
	const remembered = {
		variables: [...connector.variables].sort(byPlace),
		additionalVariables: [...connector.additionalVariables].sort(byPlace),
		loadSteps: connector.loadSteps,
	};
	return createHash('sha256').update(stableJson(remembered)).digest('hex');
}

function compare(a: string, b: string): number {
	if (a === b) return 0;
	return a < b ? -1 : 1;
}

/** JSON whose keys are sorted, so that equal configurations are equal text whatever made them. */
function stableJson(value: unknown): string {
	return JSON.stringify(value, (_key, member: unknown) =>
		member !== null && typeof member === 'object' && !Array.isArray(member)
			? Object.fromEntries(Object.entries(member).sort(([a], [b]) => compare(a, b)))
			: member,
	);
}
