import type {Execution, Stage} from '../../../model/execution.js';
import type {Effect} from '../effect.js';
import type {Act} from '../execution-acts/act.js';

/** The table that shows what a stage did, as the tables screen finds it; null for the report, which is a file. */
export function tableOf({stage}: Pick<Stage, 'stage'>): string | null {
	switch (stage) {
		case 'intake':
		case 'sql':
		case 'export':
			return 'sql';
		case 'variables':
		case 'diff':
			return 'variables';
		case 'report':
			return null;
		default:
			return stage;
	}
}

/** What Enter on a stage wants done. */
export function effectsOfStage(execution: Execution, stage: Stage): readonly Effect<Act>[] {
	const table = tableOf(stage);
	if (table === null) {
		if (stage.state !== 'completed') return [{say: `There is no report yet: the stage is ${stage.state}`, tone: 'muted'}];
		return [
			{menu: {title: 'Report', choices: [{label: 'Download XLS report', command: {type: 'download', of: execution, artifact: 'report'}}]}},
		];
	}
	if (stage.state === 'waiting') return [{say: `${stage.name} has not begun: it has no table yet`, tone: 'muted'}];
	return [{go: {screen: 'tables', execution: execution.id, table}}];
}
