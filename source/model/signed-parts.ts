/** A part of what is signed. */
export type SignedPart =
	| {readonly kind: 'text'; readonly text: string}
	| {readonly kind: 'body' | 'timestamp' | 'id' | 'method' | 'url' | 'form' | 'secret'}
	| {readonly kind: 'header' | 'query' | 'value'; readonly name: string};

const words = ['body', 'timestamp', 'id', 'method', 'url', 'form', 'secret'] as const;
const placed = {header: 'header', query: 'query', body: 'value'} as const;

/** The parts of `signed`; a text in braces that stands for nothing is given to `unknown`, and is text. */
export function signedParts(signed: string, unknown: (braces: string) => void = () => undefined): readonly SignedPart[] {
	return signed.split(/(\{[^{}]*\})/).flatMap((text): readonly SignedPart[] => {
		if (text === '') return [];
		if (!/^\{.*\}$/s.test(text)) return [{kind: 'text', text}];
		const inner = text.slice(1, -1);
		const word = words.find((known) => known === inner);
		if (word) return [{kind: word}];
		const [, kind, name = ''] = /^(header|query|body):(.+)$/.exec(inner) ?? [];
		if (kind === 'header') return [{kind: placed.header, name: name.trim().toLowerCase()}];
		if (kind === 'query' || kind === 'body') return [{kind: placed[kind], name: name.trim()}];
		unknown(text);
		return [{kind: 'text', text}];
	});
}
