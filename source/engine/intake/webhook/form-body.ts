import type {JsonNode} from './exact-json.js';

/** A form as an object: each value as text, repeats as a list. */
export class FormObject {
	private readonly fields = new Map<string, JsonNode[]>();

	add(name: string, value: JsonNode): void {
		const values = this.fields.get(name);
		if (values) values.push(value);
		else this.fields.set(name, [value]);
	}

	get node(): JsonNode {
		return new Map(
			[...this.fields].map(([name, values]): [string, JsonNode] => [name, values.length === 1 ? (values[0] ?? 'null') : values]),
		);
	}
}

/** A body of the type `application/x-www-form-urlencoded`. `guessed` are the names of fields whose bytes are no UTF-8. */
export function formBody(text: string): {readonly node: JsonNode; readonly guessed: readonly string[]} {
	const form = new FormObject();
	const guessed: string[] = [];
	for (const pair of text.trim().split('&')) {
		if (pair === '') continue;
		const equals = pair.indexOf('=');
		const name = decoded(equals < 0 ? pair : pair.slice(0, equals));
		const value = decoded(equals < 0 ? '' : pair.slice(equals + 1));
		form.add(name.text, JSON.stringify(value.text));
		if (name.guessed || value.guessed) guessed.push(name.text);
	}
	return {node: form.node, guessed};
}

const utf8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});
const windows1252 = new TextDecoder('windows-1252');

/** Percent-encoded bytes are UTF-8, or else Windows-1252. */
function decoded(text: string): {readonly text: string; readonly guessed: boolean} {
	const spaced = text.replaceAll('+', ' ');
	if (!spaced.includes('%')) return {text: spaced, guessed: false};
	let guessed = false;
	const read = spaced.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
		const bytes = Buffer.from(encoded.replaceAll('%', ''), 'hex');
		try {
			return utf8.decode(bytes);
		} catch {
			guessed = true;
			return windows1252.decode(bytes);
		}
	});
	return {text: read, guessed};
}
