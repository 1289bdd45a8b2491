import type {ControlDatabase} from './open.js';

/** Single facts the daemon remembers about itself, by name. */
export function keyValueTable(database: ControlDatabase) {
	const read = database.prepare<[string], {value: string}>('SELECT value FROM facts WHERE name = ?');
	const write = database.prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)');
	return {
		recall: (name: string): string | null => read.get(name)?.value ?? null,
		remember: (name: string, value: string) => write.run(name, value),
	};
}
