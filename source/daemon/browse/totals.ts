/** Totals of filters on tables that do not change any more, so that the next page need not count again. The oldest are forgotten. */
export class KnownTotals {
	readonly #totals = new Map<string, number>();

	constructor(readonly most = 200) {}

	recall(key: string): number | undefined {
		return this.#totals.get(key);
	}

	remember(key: string, total: number): void {
		this.#totals.set(key, total);
		for (const [oldest] of this.#totals) {
			if (this.#totals.size <= this.most) return;
			this.#totals.delete(oldest);
		}
	}
}
