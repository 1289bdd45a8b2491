import {Box} from 'ink';
import type {ReactElement} from 'react';
import {durationText} from '../../../model/duration.js';
import type {Execution} from '../../../model/execution.js';
import {ChunkGrid} from '../../components/chunk-grid.js';
import {Line} from '../../components/line.js';
import {rowsDone, rowsToDo} from '../../execution-metrics/step-rows.js';
import {count} from '../../text/age.js';
import type {ScreenContext} from '../screen.js';
import {loadInSight} from './layout.js';
import {paceOf} from './pace.js';

export type LoadChunksProps = {readonly execution: Execution; readonly around: ScreenContext; readonly height: number};

/** The chunks of the load step that runs or stopped: a title with rate and time left, then a cell a chunk. */
export function LoadChunks({execution, around: {width, now}, height}: LoadChunksProps): ReactElement {
	const stage = loadInSight(execution);
	if (stage === null) return <Box />;
	const {chunks, chunks_done: done} = stage;
	const rows = rowsToDo(stage, execution);
	const pace = paceOf(stage, rows, now);
	return (
		<Box flexDirection="column" height={height}>
			<Line
				width={width}
				spans={[
					{text: `── ${stage.name}`, tone: 'title'},
					{text: `  chunk ${count(done ?? 0)} of ${count(chunks)}`},
					{
						text: rows === null || (pace !== null && width < 100) ? '' : `  ${count(rowsDone(stage))} of ${count(rows)} rows`,
						tone: 'muted',
					},
					{
						text: pace === null ? '' : `  ${count(Math.round(pace.rowsPerSecond))} rows/s  about ${durationText(pace.leftMs)} left`,
						tone: 'busy',
					},
				]}
			/>
			<ChunkGrid chunks={chunks ?? 0} done={done ?? 0} state={stage.state} width={width} height={height - 1} />
		</Box>
	);
}
