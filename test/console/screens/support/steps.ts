import type {AnyAsk, Effect} from '../../../../source/console/screens/effect.js';
import type {ScreenContext, Step} from '../../../../source/console/screens/screen.js';
import {small} from './around.js';

type Update<State, Command> = (state: State, command: Command, around: ScreenContext) => Step<State, Command>;

/** The state after some commands, and everything they wanted done. */
export function after<State, Command>(
	update: Update<State, Command>,
	state: State,
	commands: readonly Command[],
	around: ScreenContext = small,
): {readonly state: State; readonly effects: readonly Effect<Command>[]} {
	let now = state;
	const effects: Effect<Command>[] = [];
	for (const command of commands) {
		const [next, ...wanted] = update(now, command, around);
		now = next;
		effects.push(...wanted);
	}
	return {state: now, effects};
}

/** What the daemon was asked, as `[method, ...given]`. */
export function asked<Command>(effects: readonly Effect<Command>[]): readonly (readonly unknown[])[] {
	return effects.filter(isAsk).map(({ask, given}) => [ask, ...given]);
}

/** Hands an answer to the question that asked by this method. */
export function answer<Command>(effects: readonly Effect<Command>[], method: string, given: unknown): Command {
	const found = effects.filter(isAsk).findLast(({ask}) => ask === method);
	if (!found) throw new Error(`nobody asked for ${method}`);
	return (found.answered as (answer: unknown) => Command)(given);
}

function isAsk<Command>(effect: Effect<Command>): effect is AnyAsk<Command> {
	return 'ask' in effect;
}
