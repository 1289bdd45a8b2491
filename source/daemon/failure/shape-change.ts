import {editDistance} from '../../model/nearest.js';

/** A page's header: its name and its columns in order. */
export type Head = {readonly name: string; readonly columns: readonly string[]};

/** How a page's header differs from the one before: what came, what went, and what most likely only has another name now. */
export type PageChange = {
	readonly page: string;
	readonly added: readonly string[];
	readonly gone: readonly string[];
	readonly renamed: readonly (readonly [before: string, now: string])[];
};

export type ShapeChange = {
	readonly pages: readonly PageChange[];
	readonly pagesAdded: readonly string[];
	readonly pagesGone: readonly string[];
};

/**
 * What changed between two files' headers. Pages belong together by name, else by position; files of one page each always do. The order of
 * columns is no change: nothing in Sluice goes by it.
 */
export function shapeChange(before: readonly Head[], now: readonly Head[]): ShapeChange {
	const pairs = paired(before, now);
	const pages = pairs
		.map(([old, fresh]) => pageChange(old, fresh))
		.filter(({added, gone, renamed}) => added.length + gone.length + renamed.length > 0);
	return {
		pages,
		pagesAdded: now.filter((page) => !pairs.some(([, fresh]) => fresh === page)).map(({name}) => name),
		pagesGone: before.filter((page) => !pairs.some(([old]) => old === page)).map(({name}) => name),
	};
}

/** The change as lines for people; none when nothing changed. */
export function changeLines({pages, pagesAdded, pagesGone}: ShapeChange, several: boolean): readonly string[] {
	return [
		...pagesGone.map((name) => `page gone: ${name}`),
		...pagesAdded.map((name) => `page added: ${name}`),
		...pages.flatMap(({page, added, gone, renamed}) => {
			const place = several ? `${page}: ` : '';
			return [
				...renamed.map(([old, fresh]) => `${place}column renamed: ${old} is now ${fresh}`),
				...gone.map((name) => `${place}column gone: ${name}`),
				...added.map((name) => `${place}column added: ${name}`),
			];
		}),
	];
}

function paired(before: readonly Head[], now: readonly Head[]): readonly (readonly [Head, Head])[] {
	const byName = before.flatMap((old) => {
		const fresh = now.find(({name}) => name === old.name);
		return fresh ? [[old, fresh] as const] : [];
	});
	if (before.length !== now.length) return byName;
	const left = before.filter((page) => !byName.some(([old]) => old === page));
	const right = now.filter((page) => !byName.some(([, fresh]) => fresh === page));
	return [...byName, ...left.flatMap((old, at) => (right[at] ? [[old, right[at]] as const] : []))];
}

function pageChange(before: Head, now: Head): PageChange {
	const gone = before.columns.filter((column) => !now.columns.includes(column));
	const added = now.columns.filter((column) => !before.columns.includes(column));
	const renamed = gone.flatMap((old) => {
		const fresh = added.find((column) => isRenamed(old, column, before.columns.indexOf(old) === now.columns.indexOf(column)));
		return fresh === undefined ? [] : [[old, fresh] as const];
	});
	// why: two columns cannot both be the one that is now called so
	const certain = renamed.filter(([, fresh], at) => renamed.findIndex(([, other]) => other === fresh) === at);
	return {
		page: now.name,
		added: added.filter((column) => !certain.some(([, fresh]) => fresh === column)),
		gone: gone.filter((column) => !certain.some(([old]) => old === column)),
		renamed: certain,
	};
}

/** Written almost alike, or one within the other; in the same place a looser likeness is enough. */
function isRenamed(before: string, now: string, samePlace: boolean): boolean {
	const [a, b] = [plain(before), plain(now)];
	if (a === '' || b === '') return false;
	if (a === b) return true;
	const distance = editDistance(a, b);
	const longer = Math.max(a.length, b.length);
	if (distance <= Math.max(1, Math.floor(longer / 4)) && longer > 2) return true;
	return samePlace && (a.includes(b) || b.includes(a) || distance <= longer / 2);
}

const plain = (name: string) => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
