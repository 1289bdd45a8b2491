/** A part of a template: text as it stands, or the name of a variable. */
export type TemplatePart = {readonly text: string} | {readonly variable: string};

/** The parts of `"{first} {last}"`. Doubled braces stand for braces; a brace without its partner is text. */
export function parseTemplate(template: string): readonly TemplatePart[] {
	const parts: TemplatePart[] = [];
	const token = /\{\{|\}\}|\{([^{}]+)\}|[^{}]+|[{}]/g;
	for (const [found, name] of template.matchAll(token)) {
		if (name !== undefined) parts.push({variable: name.trim()});
		else parts.push({text: found === '{{' ? '{' : found === '}}' ? '}' : found});
	}
	return parts;
}

/** The names a template needs, each once. */
export function templateNames(template: string): readonly string[] {
	return [...new Set(parseTemplate(template).flatMap((part) => ('variable' in part ? [part.variable] : [])))];
}
