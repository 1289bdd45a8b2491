/** Encodings of old systems that the runtime has no decoder for: those of DOS, and one of Romania. */
const old = [
	'cp437',
	'cp737',
	'cp775',
	'cp850',
	'cp852',
	'cp855',
	'cp857',
	'cp858',
	'cp860',
	'cp861',
	'cp862',
	'cp863',
	'cp865',
	'iso-8859-16',
];

/** The names under which encodings are offered. Each of them is also found by its other labels, such as `latin1`. */
export const encodingNames: readonly string[] = [
	...['utf-8', 'utf-16le', 'utf-16be', 'macintosh', 'x-mac-cyrillic', 'koi8-r', 'koi8-u', 'cp866', 'cp874', 'windows-874'],
	...[0, 1, 2, 3, 4, 5, 6, 7, 8].map((page) => `windows-125${page}`),
	...[1, 2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15].map((part) => `iso-8859-${part}`),
	...['shift_jis', 'euc-jp', 'iso-2022-jp', 'gbk', 'gb18030', 'big5', 'euc-kr'],
	...old,
];

/** The encoding that a label means, by its standard name (`latin1` is `windows-1252`); null when it means none that can be read. */
export function encodingOf(label: string): string | null {
	const plain = label.trim().toLowerCase();
	const page = /^(?:cp|ibm|dos|oem|windows-|x-)?[-_]?(\d{3,5})$/.exec(plain)?.[1];
	const dos = old.find((name) => name === plain || name === `cp${page}`);
	if (dos !== undefined) return dos;
	for (const candidate of [plain, ...(others.get(plain) ?? []), `ibm${page}`, `windows-${page}`]) {
		try {
			return new TextDecoder(candidate).encoding;
		} catch {
			// The runtime does not know this label.
		}
	}
	return null;
}

/** Labels that people write and the runtime does not know. */
const others: ReadonlyMap<string, readonly string[]> = new Map([
	['macroman', ['macintosh']],
	['mac-roman', ['macintosh']],
	['mac_roman', ['macintosh']],
	['cp932', ['shift_jis']],
	['cp936', ['gbk']],
	['cp949', ['euc-kr']],
	['cp950', ['big5']],
	['cp1200', ['utf-16le']],
	['cp1201', ['utf-16be']],
	['cp65001', ['utf-8']],
	['ansi', ['windows-1252']],
]);
