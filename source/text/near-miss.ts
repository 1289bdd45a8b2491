import {withoutUnseen} from './visible.js';

/** What keeps a text that looks like the wanted one from being it, as the end of a sentence; null where it is another text, or the same. */
export function nearMiss(found: string, wanted: string): string | null {
	if (found === wanted) return null;
	if (found.normalize('NFC') === wanted.normalize('NFC')) return 'differs in Unicode form only';
	if (asSeen(found) === asSeen(wanted)) return 'differs in characters that are not seen only';
	return asSeen(found).toLowerCase() === asSeen(wanted).toLowerCase() ? 'differs in case only' : null;
}

/** Blanks of any width as blanks, without what takes no place. */
function asSeen(text: string): string {
	return withoutUnseen(text.replaceAll(/[\u00a0\u2000-\u200a\u202f\u3000]/g, ' ')).normalize('NFC');
}
