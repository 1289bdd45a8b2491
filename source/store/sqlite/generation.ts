import type {Database} from './connection.js';

/** Counts one more write of the store, and gives a new store its id. Runs inside the caller's transaction. */
export function advanceGeneration(db: Database): void {
	db.prepare(
		`INSERT INTO main.generation (only, id, number) VALUES (1, lower(hex(randomblob(16))), 1)
		ON CONFLICT (only) DO UPDATE SET number = number + 1`,
	).run();
}
