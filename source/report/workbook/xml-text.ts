/** Characters that XML 1.0 cannot carry or would change, and the text that looks like their stand-in. */
const special = /(?![\t\n])[\p{Cc}\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4})/gu;
const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
const entities: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;'};

/**
 * Text for a spreadsheet's XML (SPEC 12): control characters as `_xHHHH_`, and a literal `_xHHHH` so that it stays literal
 * (ECMA-376, ST_Xstring). Lone surrogates become U+FFFD. `cell-sql.ts` says the same in SQL; a test holds one against the other.
 */
export function xmlText(text: string): string {
	return text
		.replaceAll(loneSurrogate, '\uFFFD')
		.replaceAll(special, (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
		.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
