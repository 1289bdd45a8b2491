const mark = 'no such ';

/** The message of a schema for keys it does not know, where they are names of something: it is told as "is no <noun>". */
export function unknownKeyNoun(noun: string): string {
	return mark + noun;
}

/** The noun of such a message; null for that of any other schema. */
export function nounOfUnknownKey(message: string): string | null {
	return message.startsWith(mark) ? message.slice(mark.length) : null;
}
