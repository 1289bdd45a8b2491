/** One element of `format`, such as `v1={hex}`. */
type Element = {readonly pattern: RegExp; readonly holds: 'hex' | 'base64' | 'timestamp'};

export type Found = {readonly signatures: readonly GivenSignature[]; readonly timestamp: string | null};
export type GivenSignature = {readonly text: string; readonly encoding: 'hex' | 'base64'};

const separators = /[,;\s]+/;
const mostSignatures = 16;
const shapes = {hex: '([0-9a-fA-F]+)', base64: '([A-Za-z0-9+/_-]+={0,2})', timestamp: '(.+)'} as const;

/** What `format` finds in a value: elements in any order, those it does not know ignored. */
export function elementsIn(format: string, value: string): Found {
	const elements = elementsOf(format);
	const signatures: GivenSignature[] = [];
	let timestamp: string | null = null;
	for (const given of value.split(separators)) {
		for (const {pattern, holds} of elements) {
			const text = pattern.exec(given)?.[1];
			if (text === undefined) continue;
			if (holds === 'timestamp') timestamp ??= text;
			else if (signatures.length < mostSignatures) signatures.push({text, encoding: holds});
		}
	}
	return {signatures, timestamp};
}

function elementsOf(format: string): readonly Element[] {
	return format.split(separators).flatMap((text): readonly Element[] => {
		const [, before = '', holds, after = ''] = /^(.*?)\{(hex|base64|timestamp)\}(.*)$/.exec(text) ?? [];
		if (holds !== 'hex' && holds !== 'base64' && holds !== 'timestamp') return [];
		return [{pattern: new RegExp(`^${escaped(before)}${shapes[holds]}${escaped(after)}$`), holds}];
	});
}

function escaped(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
