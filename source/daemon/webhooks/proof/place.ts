import type {RequestPlace} from '../../../model/webhook-intake.js';
import type {Claim} from './claim.js';

/** The value at a place of the head of a request; null where there is none, and for a place in the body. */
export function headValue(place: RequestPlace, {header, query}: Pick<Claim, 'header' | 'query'>): string | null {
	if ('header' in place) return header(place.header.toLowerCase()) ?? null;
	return 'query' in place ? new URLSearchParams(query).get(place.query) : null;
}

/** The value at a place of a request. Of several in the body it is the first. */
export function valueIn(place: RequestPlace, claim: Pick<Claim, 'header' | 'query'>, body: BodyValues): string | null {
	return 'body' in place ? (body.at(place.body)[0] ?? null) : headValue(place, claim);
}

/** A body as a tree, read once it is asked for. */
export class BodyValues {
	readonly #bytes: Uint8Array;
	readonly #isForm: boolean;
	#root: {readonly value: unknown} | null = null;

	constructor(bytes: Uint8Array, contentType: string | undefined) {
		this.#bytes = bytes;
		this.#isForm = isForm(contentType);
	}

	/**
	 * The texts at a path such as `data.id`, those of every item where it leads through a list. An item that lacks it gives an empty text, so
	 * that a check of all items does not pass over it.
	 */
	at(path: string): readonly string[] {
		this.#root ??= {value: this.#isForm ? formObject(this.#bytes) : parsed(this.#bytes)};
		const {value} = this.#root;
		// A name with dots in it is one key of a form.
		const keys = this.#isForm && isObject(value) && Object.hasOwn(value, path) ? [path] : path.split('.');
		return textsAt(value, keys);
	}
}

function textsAt(value: unknown, keys: readonly string[]): readonly string[] {
	const [key, ...rest] = keys;
	if (key === undefined) return Array.isArray(value) ? value.map(textOf) : [textOf(value)];
	if (Array.isArray(value) && !/^\d+$/.test(key)) return value.flatMap((item) => textsAt(item, keys));
	if (!isObject(value) || !Object.hasOwn(value, key)) return [''];
	return textsAt(value[key], rest);
}

function textOf(value: unknown): string {
	return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null;
}

function parsed(bytes: Uint8Array): unknown {
	try {
		return JSON.parse(new TextDecoder().decode(bytes));
	} catch {
		// What is no JSON has nothing at any path.
		return null;
	}
}

/** Whether a body is `application/x-www-form-urlencoded`. */
export function isForm(contentType: string | undefined): boolean {
	return /^\s*application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType ?? '');
}

/** Names and values of a form, sorted by name, one after another. A value that comes twice counts once. */
export function formText(bytes: Uint8Array): string {
	const pairs = new Map<string, Set<string>>();
	for (const [name, value] of new URLSearchParams(new TextDecoder().decode(bytes))) {
		pairs.set(name, (pairs.get(name) ?? new Set()).add(value));
	}
	return [...pairs]
		.toSorted(([a], [b]) => (a < b ? -1 : 1))
		.flatMap(([name, values]) => [...values].toSorted().map((value) => name + value))
		.join('');
}

function formObject(bytes: Uint8Array): Readonly<Record<string, string>> {
	return Object.fromEntries(new URLSearchParams(new TextDecoder().decode(bytes)));
}
