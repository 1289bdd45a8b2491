import {render} from 'ink-testing-library';
import type {ReactElement} from 'react';
import {expect, test} from 'vitest';
import {Painted, PlaceholderContext} from '../../source/console/components/painted.js';

test('a line is held as long as it stands on the screen, and not longer', () => {
	const held = new Map<string, string>();
	let handedOut = 0;
	const holder = {
		register(line: string): string {
			const stand = `<${++handedOut}>`;
			held.set(stand, line);
			return stand;
		},
		release: (stand: string): void => void held.delete(stand),
	};
	const picture = (lines: readonly string[]): ReactElement => (
		<PlaceholderContext.Provider value={holder}>
			{lines.map((line, row) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place.
				<Painted key={row} line={line} />
			))}
		</PlaceholderContext.Provider>
	);
	const {rerender, unmount, lastFrame} = render(picture(['one', 'two']));
	expect(lastFrame()).toContain('<1>');
	for (let turn = 0; turn < 100; turn++) rerender(picture(['one', `turn ${turn}`]));
	expect([...held.values()].sort()).toEqual(['one', 'turn 99']);
	expect(handedOut).toBe(102);
	unmount();
	expect([...held.values()]).toEqual([]);
});
