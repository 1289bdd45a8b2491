import {membersOf} from '../../engine/intake/json/members.js';
import type {RequestPlace} from '../../model/webhook-intake.js';
import {headValue, isForm} from './proof/place.js';

/** What a value of a request is read from. */
export type ReadableRequest = {
	/** By its name in small letters. */
	header(name: string): string | undefined;
	/** Without its `?`. */
	readonly query: string;
	/** Null while it has not been read. */
	readonly body: string | null;
};

/** The value at a place, with every digit of a number; null where it is not there, or blank. */
export function valueAt(place: RequestPlace, {header, query, body}: ReadableRequest): string | null {
	const value = 'body' in place ? body && memberAt(body, place.body, header('content-type')) : headValue(place, {header, query});
	return value === '' ? null : value;
}

/** A member of a JSON body by its path, or a field of a form. */
function memberAt(body: string, path: string, contentType: string | undefined): string | null {
	if (isForm(contentType)) return new URLSearchParams(body).get(path);
	let text: string | null = body;
	for (const name of path.split('.')) {
		if (text === null || !/^\s*\{/.test(text)) return null;
		try {
			text = membersOf(text).cells.get(name) ?? null;
		} catch {
			return null;
		}
	}
	return text;
}
