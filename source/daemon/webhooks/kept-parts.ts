import type {WebhookAuth} from '../../model/webhook-intake.js';

/** Headers whose value proves a caller: they are never kept. */
const credentials: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie']);

/** The query string without the parameters that prove callers (SPEC 25). What is left stays as it was sent. */
export function keptQuery(query: string, names: readonly string[]): string {
	if (names.length === 0) return query;
	const nameOf = (piece: string): string => new URLSearchParams(piece).keys().next().value ?? '';
	return query
		.split('&')
		.filter((piece) => !names.includes(nameOf(piece)))
		.join('&');
}

/** `content-type` and the headers of these names as a JSON object; empty where none was sent. */
export function keptHeaders(names: readonly string[], auth: WebhookAuth | null, header: (name: string) => string | undefined): string {
	const tokens = tokenPlaces(auth).flatMap((at) => ('header' in at ? [at.header] : []));
	const kept = [...new Set(['content-type', ...names])]
		.filter((name) => !credentials.has(name) && !tokens.includes(name))
		.flatMap((name) => {
			const value = header(name);
			return value === undefined ? [] : [[name, value] as const];
		});
	return kept.length === 0 ? '' : JSON.stringify(Object.fromEntries(kept));
}

function tokenPlaces(auth: WebhookAuth | null) {
	return (auth?.proofs ?? []).flatMap((proof) => (proof.kind === 'token' ? [proof.at] : []));
}
