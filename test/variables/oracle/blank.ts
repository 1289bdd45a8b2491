/** Text as people see it: without white space around it; null when nothing is left. */
export function seen(text: string): string | null {
	const characters = [...text];
	const isSpace = (character: string | undefined) => character !== undefined && (character.trim() === '' || character === '\u0085');
	while (isSpace(characters[0])) characters.shift();
	while (isSpace(characters.at(-1))) characters.pop();
	return characters.length === 0 ? null : characters.join('');
}
