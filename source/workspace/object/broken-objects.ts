import {formatPlace} from '../../model/problem.js';
import type {ObjectEntry} from './read-object.js';

/** Why objects cannot be used: the place of a problem of their own, or of one they lead to. Sound objects are absent. */
export function brokenObjects(entries: ReadonlyMap<string, ObjectEntry>): ReadonlyMap<string, string> {
	const broken = new Map<string, string>();
	for (const [name, {problems}] of entries) {
		const [first] = problems;
		if (first) broken.set(name, `${formatPlace(first)}  ${first.message}`);
	}
	for (let before = -1; before !== broken.size; ) {
		before = broken.size;
		for (const [name, {draft}] of entries) {
			const reason = draft?.fields.map(({object}) => object && broken.get(object)).find(Boolean);
			if (reason && !broken.has(name)) broken.set(name, reason);
		}
	}
	return broken;
}
