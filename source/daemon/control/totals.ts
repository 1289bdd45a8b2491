import type {ControlDatabase} from './open.js';

export type Total = {readonly metric: string; readonly label: string; readonly amount: number};

/** Sums that survive restarts and the clearing of old executions, for `/metrics`. */
export function totalTable(database: ControlDatabase) {
	const add = database.prepare(`
		INSERT INTO totals (metric, label, amount) VALUES (@metric, @label, @amount)
		ON CONFLICT (metric, label) DO UPDATE SET amount = amount + @amount`);
	const all = database.prepare<[], Total>('SELECT metric, label, amount FROM totals ORDER BY metric, label');
	return {
		add: (metric: string, label: string, amount: number) => add.run({metric, label, amount}),
		all: (): readonly Total[] => all.all(),
	};
}
