import type {HistoryEntry} from '../../../api/contract.js';
import {countOf, shortId, valueText} from '../shared/words.js';

/** Said first, in this order. */
const firstNames: readonly string[] = ['status', 'mode', 'input_file', 'error', 'why', 'reason', 'counts'];
/** Said last: an id tells people least. */
const lastNames: readonly string[] = ['from', 'execution'];
/** What speaks for itself without its name. */
const bare: ReadonlySet<string> = new Set(['status', 'input_file', 'error', 'why', 'reason', 'name', 'counts', 'execution']);
const origins: Readonly<Record<string, string>> = {cli: 'from the command line', console: 'from the console', daemon: ''};

/** What is told beside who, what and when, as one line for people; what is empty or goes without saying is left out. */
export function detailText(detail: HistoryEntry['detail']): string {
	return Object.entries(detail)
		.map(([name, value]) => [name, partText(name, value)] as const)
		.filter(([, text]) => text !== '')
		.sort(([a], [b]) => rankOf(a) - rankOf(b))
		.map(([, text]) => text)
		.join(' · ');
}

function rankOf(name: string): number {
	const first = firstNames.indexOf(name);
	if (first >= 0) return first - firstNames.length;
	return lastNames.indexOf(name) + 1;
}

function partText(name: string, value: unknown): string {
	switch (name) {
		case 'mode':
			return `${valueText(value)} run`;
		case 'from':
			return origins[valueText(value)] ?? `from ${valueText(value)}`;
		case 'triggered_by':
			return value === 'manual' ? '' : `by ${valueText(value)}`;
		case 'execution':
			return shortId(valueText(value));
		case 'counts':
			return countsText(value);
		case 'kept':
		case 'cancelled':
			return Array.isArray(value) && value.length > 0 ? `${name} ${countOf(value.length, 'execution')}` : '';
		default: {
			const text = partsOf(value);
			return text === '' || bare.has(name) ? text : `${name.replaceAll('_', ' ')} ${text}`;
		}
	}
}

/** `13 created, 1 errored`: what is not zero. */
function countsText(value: unknown): string {
	if (value === null || typeof value !== 'object') return valueText(value);
	const parts = Object.entries(value).filter(([, amount]) => typeof amount === 'number' && amount > 0);
	return parts.length === 0 ? 'no rows' : parts.map(([name, amount]) => `${Number(amount).toLocaleString('en-GB')} ${name}`).join(', ');
}

function partsOf(value: unknown): string {
	if (value === null || typeof value !== 'object' || Array.isArray(value)) return valueText(value);
	return Object.entries(value)
		.map(([key, part]) => `${key} ${valueText(part)}`)
		.join(' ');
}
