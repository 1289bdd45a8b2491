import {statSync} from 'node:fs';
import type {Page} from '../intake/page.js';
import {pageSelect} from '../intake/page-select.js';
import {keepPage} from '../sql/keep-page.js';
import type {SqlWorker} from '../sql/worker-session.js';

/** The most bytes of pages that are kept for inspection: they stay as long as the execution, and so does the input file. */
const mostPageBytes = 200_000_000;

/**
 * Keeps the pages of an input as they were read, beside what a script that failed had built (SPEC 5.3): as `` run.`sql:input.<page>` ``, the name
 * under which the SQL reaches them. The worker is in `trusted` mode.
 *
 * @returns the names of what is kept and what is not
 */
export async function keepPages(
	worker: SqlWorker,
	pages: readonly Page[],
): Promise<{readonly kept: readonly string[]; readonly dropped: readonly string[]}> {
	const names = pageNames(pages);
	const [kept, dropped]: [string[], string[]] = [[], []];
	let bytes = 0;
	for (const [index, page] of pages.entries()) {
		const name = `input.${names[index] ?? page.name}`;
		bytes += statSync(page.file).size;
		const isKept =
			bytes <= mostPageBytes && (await keepPage(worker, {columns: page.columns, select: pageSelect(page)}, name).then(yes, no));
		(isKept ? kept : dropped).push(name);
	}
	return {kept, dropped};
}

const yes = () => true;
/** A page that cannot be kept is left out: the run has failed already, and its own error is told. */
const no = () => false;

/** The first name of each page that no page before it has (SPEC 5.1). */
function pageNames(pages: readonly Page[]): readonly string[] {
	const taken = new Set<string>();
	return pages.map(({tableNames}, index) => {
		const name = tableNames.find((candidate) => !taken.has(candidate)) ?? `page_idx_${index}`;
		taken.add(name);
		return name;
	});
}
