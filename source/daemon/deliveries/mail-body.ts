/** A part of a mail. Texts are plain: each form escapes what it must. */
export type MailPart =
	| {readonly say: string}
	/** How many of each, the first with a capital letter. */
	| {readonly counts: readonly (readonly [name: string, count: number])[]}
	| {readonly title: string; readonly items: readonly string[]};

/** A mail as plain text. */
export function textOf(parts: readonly MailPart[]): string {
	return `${parts.map((part) => `${linesOf(part).join('\n')}\n`).join('\n')}`;
}

function linesOf(part: MailPart): readonly string[] {
	if ('say' in part) return [part.say];
	if ('counts' in part) return [`${part.counts.map(([name, count]) => `${name} ${count}`).join(', ')}.`];
	return [part.title, ...part.items.map((item) => `- ${item}`)];
}

/** The same words as HTML: the counts are a table. Nothing in it is fetched from anywhere. */
export function htmlOf(parts: readonly MailPart[]): string {
	const body = parts.map(elementOf).join('\n');
	return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"></head><body style="font-family: sans-serif">\n${body}\n</body></html>\n`;
}

/** A mail's text with one more part at its end. */
export function moreText(text: string, part: MailPart): string {
	return `${text}\n${textOf([part])}`;
}

/** The same of its HTML. */
export function moreHtml(html: string, part: MailPart): string {
	const end = html.lastIndexOf('</body>');
	return `${html.slice(0, end)}${elementOf(part)}\n${html.slice(end)}`;
}

function elementOf(part: MailPart): string {
	if ('say' in part) return `<p dir="auto">${escaped(part.say)}</p>`;
	if ('counts' in part) {
		const rows = part.counts.map(
			([name, count]) =>
				`<tr><th align="left" style="padding-right: 1em; font-weight: normal">${escaped(capital(name))}</th><td align="right">${count}</td></tr>`,
		);
		return `<table>\n${rows.join('\n')}\n</table>`;
	}
	return `<p>${escaped(part.title)}</p>\n<ul>\n${part.items.map((item) => `<li dir="auto">${escaped(item)}</li>`).join('\n')}\n</ul>`;
}

function capital(name: string): string {
	return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

const escapes: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'};

function escaped(text: string): string {
	return text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? '').replaceAll('\n', '<br>');
}
