import type {Step} from '../screen.js';
import type {Command, State} from './model.js';
import {effectsOfStage} from './stage-table.js';

/** Enter on a stage: its table, or why it has none. */
export function openStage(state: State): Step<State, Command> {
	const execution = state.execution.value;
	const stage = execution?.stages[state.stages.cursor];
	if (!execution || !stage) return [state];
	return [state, ...effectsOfStage(execution, stage)];
}
