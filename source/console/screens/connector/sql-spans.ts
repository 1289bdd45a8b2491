import type {Span} from '../../theme/paint.js';

const words =
	'SELECT|FROM|WHERE|AS|AND|OR|NOT|NULL|IS|IN|LIKE|ILIKE|CASE|WHEN|THEN|ELSE|END|JOIN|LEFT|RIGHT|INNER|FULL|OUTER|CROSS|ASOF|ANY|ALL|ON|USING|GROUP|BY|ORDER|HAVING|LIMIT|OFFSET|UNION|DISTINCT|WITH|CREATE|OR|REPLACE|TABLE|VIEW|ENGINE|MEMORY|INSERT|INTO|VALUES|SET|DROP|ALTER|OVER|PARTITION|INTERVAL|BETWEEN|EXISTS|ARRAY|ASC|DESC|NULLS|FIRST|LAST|EXCEPT|PREWHERE|SETTINGS|FORMAT|IF';
const tokens = new RegExp(
	String.raw`(?<comment>--.*$|/\*.*?(?:\*/|$))|(?<text>'(?:[^'\\]|\\.|'')*'?)|(?<name>${'`'}[^${'`'}]*${'`'}?|"[^"]*"?)|(?<number>\b\d+(?:\.\d+)?\b)|(?<word>\b(?:${words})\b)`,
	'giu',
);

/** A line of SQL with its comments, texts, numbers and key words told apart. `inComment`: whether a block comment began on a line before. */
export function sqlSpans(line: string, inComment: boolean): {readonly spans: readonly Span[]; readonly inComment: boolean} {
	if (inComment) {
		const end = line.indexOf('*/');
		if (end < 0) return {spans: [{text: line, tone: 'muted'}], inComment: true};
		const rest = sqlSpans(line.slice(end + 2), false);
		return {spans: [{text: line.slice(0, end + 2), tone: 'muted'}, ...rest.spans], inComment: rest.inComment};
	}
	const spans: Span[] = [];
	let from = 0;
	let open = false;
	for (const match of line.matchAll(tokens)) {
		if (match.index > from) spans.push({text: line.slice(from, match.index)});
		const {comment, text, number, word} = match.groups ?? {};
		const tone =
			comment !== undefined
				? 'muted'
				: text !== undefined
					? 'good'
					: number !== undefined
						? 'waiting'
						: word !== undefined
							? 'key'
							: 'accent';
		spans.push({text: match[0], tone});
		open = comment?.startsWith('/*') === true && !comment.endsWith('*/');
		from = match.index + match[0].length;
	}
	if (from < line.length) spans.push({text: line.slice(from)});
	return {spans, inComment: open};
}

/** A whole script, a line each, with its number. */
export function scriptSpans(sql: string): readonly (readonly Span[])[] {
	let inComment = false;
	return sql.split('\n').map((line, index) => {
		const drawn = sqlSpans(line.replaceAll('\t', '    '), inComment);
		inComment = drawn.inComment;
		return [{text: `${String(index + 1).padStart(4)}  `, tone: 'muted' as const}, ...drawn.spans];
	});
}
