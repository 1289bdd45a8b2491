import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {StageState} from '../../model/execution.js';
import {glyphOf} from '../theme/glyph.js';
import {useLook} from '../theme/look.js';
import {stageSigns} from '../theme/signs.js';
import {Line} from './line.js';

export type ChunkGridProps = {
	readonly chunks: number;
	readonly done: number;
	/** What the step does: its first open chunk is drawn so. */
	readonly state: StageState;
	readonly width: number;
	/** Lines it may take; where there are more chunks than cells, a cell stands for several. */
	readonly height: number;
};

/** A cell a chunk of a load step, in groups of ten: done, being written, waiting. */
export function ChunkGrid({chunks, done, state, width, height}: ChunkGridProps): ReactElement {
	const look = useLook();
	const groups = Math.max(1, Math.floor((width + 1) / 11));
	const perLine = groups * 10;
	const each = Math.max(1, Math.ceil(chunks / (perLine * Math.max(1, height))));
	const cells = Math.ceil(chunks / each);
	const full = Math.floor(done / each);
	const lines = Math.min(height, Math.ceil(cells / perLine));
	return (
		<Box flexDirection="column">
			{Array.from({length: lines}, (_, line) => {
				const from = line * perLine;
				const spans = Array.from({length: Math.min(perLine, cells - from)}, (_, at) => {
					const cell = from + at;
					const sign = stageSigns[cell < full ? 'completed' : cell === full && state !== 'completed' ? state : 'waiting'];
					const gap = at > 0 && at % 10 === 0 ? ' ' : '';
					return {text: gap + glyphOf(sign, look), tone: sign.tone};
				});
				// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place.
				return <Line key={line} spans={spans} width={width} />;
			})}
		</Box>
	);
}
