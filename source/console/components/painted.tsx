import {Text} from 'ink';
import {createContext, memo, type ReactElement, useContext, useEffect, useMemo} from 'react';

/** Takes a drawn line and gives a character that stands for it; see `terminal/line-placeholders.ts`. */
export type PlaceholderLines = {register(line: string): string; release(stand: string): void};

/** Where lines are held while Ink places them; null where Ink is given the lines themselves, as in tests. */
export const PlaceholderContext = createContext<PlaceholderLines | null>(null);

/** One line of the screen that is drawn already. It stands alone in its row: Ink may know one cell of it. */
export const Painted = memo(function Painted({line}: {readonly line: string}): ReactElement {
	const holder = useContext(PlaceholderContext);
	const stand = useMemo(() => holder?.register(line) ?? null, [holder, line]);
	useEffect(() => () => (stand === null ? undefined : holder?.release(stand)), [holder, stand]);
	return <Text wrap="truncate">{stand ?? line}</Text>;
});
