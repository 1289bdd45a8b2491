import {type Binding, keyTable, type Scope} from './table.js';

/** The keys a person chose instead, by `scope.command`. */
export type Overrides = Readonly<Record<string, readonly string[]>>;

/** What a key does where these scopes listen, the first that knows it. */
export type Keyboard = {
	readonly scopes: readonly Scope[];
	/** The bindings in the order of the scopes. */
	readonly bindings: readonly Binding[];
	/** The command a key stands for, null where it stands for none. */
	commandOf(key: string): string | null;
};

const always: readonly Scope[] = ['app'];

/** The keyboard of a screen. `app` is added where it is not named. Two commands of one name act as one; the earlier scope wins a key. */
export function keyboardOf(scopes: readonly Scope[], overrides: Overrides = {}): Keyboard {
	const all = [...new Set([...scopes, ...(scopes.includes('dialog') ? [] : always)])];
	const bindings = all.flatMap((scope) => bindingsOf(scope, overrides));
	const commands = new Map<string, string>();
	for (const {command, keys} of bindings) for (const key of keys) if (!commands.has(key)) commands.set(key, command);
	return {scopes: all, bindings, commandOf: (key) => commands.get(key) ?? null};
}

/** The rows of one scope, with the keys a person chose instead. */
export function bindingsOf(scope: Scope, overrides: Overrides = {}): readonly Binding[] {
	return keyTable[scope].map((binding: Binding) => ({...binding, keys: overrides[`${scope}.${binding.command}`] ?? binding.keys}));
}

/** Keys that stand for two commands among these scopes: `["k: list.up, review.keep"]`. Empty when all is well. */
export function clashes(scopes: readonly Scope[], overrides: Overrides = {}): readonly string[] {
	const holders = new Map<string, string[]>();
	for (const scope of new Set<Scope>([...scopes, ...always])) {
		for (const {command, keys} of bindingsOf(scope, overrides)) {
			for (const key of keys) holders.set(key, [...(holders.get(key) ?? []), `${scope}.${command}`]);
		}
	}
	return [...holders].filter(([, held]) => held.length > 1).map(([key, held]) => `${key}: ${held.join(', ')}`);
}
