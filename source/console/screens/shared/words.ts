import type {Execution} from '../../../model/execution.js';

/** Enough of an id to tell executions apart; UUIDv7 ids of one minute share their first part. */
export function shortId(id: string): string {
	return id.slice(0, 13);
}

/** `1 row`, `2,310 rows`. */
export function countOf(amount: number, one: string, many = `${one}s`): string {
	return `${amount.toLocaleString('en-GB')} ${amount === 1 ? one : many}`;
}

/** `812 bytes`, `14.2 kB`, `3.1 MB`. */
export function bytesText(bytes: number): string {
	if (bytes < 1000) return countOf(bytes, 'byte');
	if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
	return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** `live run`, `dry run`, `export`. */
export function kindOf({mode, operation}: Pick<Execution, 'mode' | 'operation'>): string {
	return operation === 'export' ? (mode === 'dry' ? 'dry export' : 'export') : `${mode} run`;
}

export function hasEnded({status}: Pick<Execution, 'status'>): boolean {
	return status !== 'queued' && status !== 'running';
}

const waits: Readonly<Record<string, string>> = {
	activation: 'waits for activation: the connector is not active',
	slot: 'waits for a free slot: others are running',
	max_concurrent_executions: 'waits: max_concurrent_executions of the connector is 0',
	concurrency: 'waits: the connector already runs as many as it may',
	configuration: 'waits: the configuration has problems',
	disk: 'waits for room on the disk; it goes on by itself',
};

/** Why a queued execution does not run yet, for people; empty when it does not wait. */
export function waitText({waiting_for: reason}: Pick<Execution, 'waiting_for'>): string {
	return reason === null ? '' : (waits[reason] ?? `waits for ${reason}`);
}

/** A value of a row as one text: lists joined, blank as an empty text. */
export function valueText(value: unknown): string {
	if (value === null || value === undefined) return '';
	if (Array.isArray(value)) return value.map(valueText).join('; ');
	if (typeof value === 'object')
		return JSON.stringify(value, (_key, member: unknown) => (typeof member === 'bigint' ? String(member) : member));
	return String(value);
}

/** A path as the daemon needs it: absolute, from the folder the console was started in. */
export function absolutePath(path: string, folder: string): string {
	return path.startsWith('/') ? path : `${folder.replace(/\/$/, '')}/${path.replace(/^\.\//, '')}`;
}

/** A text as one word of a command line. */
export function quoted(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
