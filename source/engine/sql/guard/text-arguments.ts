import {Refusal} from './refusal.js';
import {literalText, type SyntaxNode} from './syntax-tree.js';
import {allowedFormats, writtenFormats} from './verdicts/formats.js';
import {words} from './verdicts/words.js';
import {isAllowedAggregate} from './vocabulary.js';

const formats: ReadonlySet<string> = new Set([...words(allowedFormats), ...words(writtenFormats)].map((name) => name.toLowerCase()));

const namesFormat = /^(?:formatRow|formatRowNoNewline|groupFormat.*)$/i;
const namesAggregate = /^(?:arrayReduce|arrayReduceInRanges|initializeAggregation)$/i;

/** Whether a text among its arguments names a format or another function. */
export function takesName(name: string): boolean {
	return namesFormat.test(name) || namesAggregate.test(name);
}

/**
 * Holds the text by which a function names a format or an aggregate to the same lists. It has to be a literal.
 *
 * @throws Refusal
 */
export function checkTextArguments({name, children}: SyntaxNode): void {
	if (!takesName(name)) return;
	// A parametric aggregate has its parameters in a second list.
	const list = /^groupFormat/i.test(name) ? children[1] : children[0];
	const text = literalText(list?.children[0]);
	if (namesFormat.test(name)) {
		if (text !== undefined && formats.has(text.toLowerCase())) return;
		throw new Refusal('formats', `${name}() may not write the format ${text ?? 'of an expression'}`, name);
	}
	if (text !== undefined && isAllowedAggregate(text.replace(/\(.*$/s, '').trim())) return;
	throw new Refusal('functions', `${name}() may not call ${text ?? 'a function whose name is an expression'}`, name);
}
