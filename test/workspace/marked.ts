import {expect} from 'vitest';
import {read} from './workspace-files.js';

/** Each `§` in the files marks where a problem is told, and is not part of them. */
const mark = '§';

/** What is told, and what was expected where that matters. */
export type Told = readonly [message: string, expected?: string | null];

/**
 * Reads a workspace whose files are marked and compares all its problems with `problems`: those of each file in the order of its marks,
 * at exactly the marked places.
 */
export async function expectProblems(files: Readonly<Record<string, string>>, problems: readonly Told[]): Promise<void> {
	const clean = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, text.replaceAll(mark, '')]));
	const places = Object.entries(files).flatMap(([name, text]) => placesIn(text).map((place) => `${name}:${place}`));
	const {problems: outside, connectors} = await read(clean);
	const found = [...outside, ...connectors.flatMap((entry) => entry.problems)];
	expect(found.map(({file, line, column, message}) => `${file}:${line}:${column}  ${message}`)).toEqual(
		problems.map(([message], index) => `${places[index]}  ${message}`),
	);
	for (const [index, [, expected]] of problems.entries()) {
		if (expected !== undefined) expect(found[index]?.expected).toBe(expected);
	}
	expect(places).toHaveLength(problems.length);
}

/** `line:column` of each mark, from 1, as if the marks before it were not there. */
function placesIn(text: string): readonly string[] {
	return text.split('\n').flatMap((line, index) => {
		const before = line.split(mark).slice(0, -1);
		return before.map((_, nth) => `${index + 1}:${before.slice(0, nth + 1).join('').length + 1}`);
	});
}
