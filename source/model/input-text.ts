/**
 * What the input file holds on the line a row came from: one text a page that has such a line. `page` is the file, the member of the archive
 * or the sheet. `note` says in a sentence what the texts cannot: why there is none, or that the row's line does not tell of which page it is.
 */
export type InputText = {readonly texts: readonly {readonly page: string; readonly text: string}[]; readonly note: string | null};

/** Characters of a line that are shown; what is longer ends in `…`. */
export const mostLineCharacters = 64_000;

/** A line as far as it is shown. */
export function shownLine(text: string): string {
	return text.length > mostLineCharacters ? `${text.slice(0, mostLineCharacters)}…` : text;
}
