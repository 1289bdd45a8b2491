const longest = 31;

/**
 * Gives each title a name that Excel accepts: at most 31 UTF-16 units, none of `\ / ? * [ ] :`, no apostrophe at an end, not
 * `History`, and unlike every earlier one without regard to case (SPEC 12). A parenthesised scope that must be cut keeps its bracket.
 */
export function sheetNamer(): (title: string, part?: number) => string {
	const taken = new Set<string>(['history']);
	return (title, part = 1) => {
		const clean = cleaned(title);
		const ending = part > 1 ? ` (${part})` : '';
		for (let attempt = 1; ; attempt++) {
			const mark = attempt > 1 ? `~${attempt}` : '';
			const name = `${shortened(clean, longest - ending.length - mark.length)}${mark}${ending}`;
			if (taken.has(name.toLowerCase())) continue;
			taken.add(name.toLowerCase());
			return name;
		}
	};
}

function cleaned(title: string): string {
	return (
		title
			.replaceAll(/[\\/?*[\]:\p{Cc}\ufffe\uffff]/gu, '_')
			.replaceAll(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '_')
			.replaceAll(/^'|'$/g, '_') || '_'
	);
}

function shortened(text: string, units: number): string {
	if (text.length <= units) return text;
	const closing = text.endsWith(')') ? '…)' : '…';
	const head = text.slice(0, units - closing.length);
	return `${head.replace(/[\uD800-\uDBFF]$/, '')}${closing}`;
}
