import type {ErrorBody} from '../../model/errors.js';

export type FlatSecret = Readonly<Record<string, string>>;

/** These name a place, not a key to it, and people need them in messages (SPEC 15). */
const plainKeys: ReadonlySet<string> = new Set(['host', 'hostname', 'port', 'user', 'username', 'database', 'db']);
const shortest = 8;
const mark = '***';

/** The flat object a secret's text stands for; plain text is `{value}`. */
export function flatten(text: string): FlatSecret {
	try {
		const parsed: unknown = JSON.parse(text);
		if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
			return Object.fromEntries(
				Object.entries(parsed).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
			);
		}
	} catch {
		// Not JSON: the text itself is the secret.
	}
	return {value: text};
}

/** A function that hides the secrets' values wherever they stand in a text, in their URL-encoded form too. */
export function redactor(secrets: readonly FlatSecret[]): (text: string) => string {
	const values = secrets
		.flatMap((secret) => Object.entries(secret))
		.filter(([key, value]) => !plainKeys.has(key.toLowerCase()) && value.length >= shortest)
		.flatMap(([, value]) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]);
	const longestFirst = [...new Set(values)].sort((a, b) => b.length - a.length);
	if (longestFirst.length === 0) return (text) => text;
	return (text) => longestFirst.reduce((hidden, value) => hidden.replaceAll(value, mark), text);
}

export function redactError(error: ErrorBody | null, redact: (text: string) => string): ErrorBody | null {
	if (!error) return null;
	const hide = (text: string | null): string | null => (text === null ? null : redact(text));
	return {...error, message: redact(error.message), where: hide(error.where), expected: hide(error.expected), cure: hide(error.cure)};
}
