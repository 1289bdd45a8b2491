import {randomUUID} from 'node:crypto';
import type {Generation} from '../../store/sqlite/probe.js';
import type {ControlDatabase} from './open.js';

/** The identity of `control.db` and how often it was written: an older copy in its place is known by its number (SPEC 17). */
export function generationOf(database: ControlDatabase) {
	const put = database.prepare('INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING');
	const read = database.prepare<[string], {value: string}>('SELECT value FROM facts WHERE name = ?');
	const advance = database.prepare("UPDATE facts SET value = CAST(value AS INTEGER) + 1 WHERE name = 'generation'");
	database.transaction(() => {
		put.run('id', randomUUID());
		put.run('generation', '0');
		advance.run();
	})();
	return {
		/** Counts one more write, inside the caller's transaction. */
		advance: (): void => void advance.run(),
		read: (): Generation => ({id: read.get('id')?.value ?? '', number: Number(read.get('generation')?.value ?? 0)}),
	};
}
