/** White space, control and format characters alone: a text that shows nothing. */
const blank = /^[\s\p{Cc}\p{Cf}]*$/u;

/** The text of a secret that is set, or null. An empty or blank secret is an unset one: every reader of secrets asks here (SPEC 17). */
export function setText(text: string | null | undefined): string | null {
	return text === null || text === undefined || blank.test(text) ? null : text;
}

/** A secret without the line ends at its end, which files and pipes add to it: no header, address or key can hold them. */
export function withoutLineEnd(text: string): string {
	return text.replace(/[\r\n]+$/, '');
}
