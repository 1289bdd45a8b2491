import {isMap, isScalar, isSeq, LineCounter, type Node, parseDocument} from 'yaml';
import {nearest} from '../../model/nearest.js';
import {clashes, type Overrides} from './bindings.js';
import {isKeyName} from './key.js';
import {type Binding, keyTable, type Scope} from './table.js';

export type ReadOverrides = {readonly overrides: Overrides; readonly problems: readonly string[]};

/**
 * A person's own keys: `list: {down: [j, n], up: k}` a scope. Every problem is told with its place; a key that would clash in its scope or
 * with `app` leaves that scope as it is.
 */
export function readOverrides(text: string, file: string): ReadOverrides {
	const lines = new LineCounter();
	const document = parseDocument(text, {lineCounter: lines});
	const problems: string[] = document.errors.map(({message}) => `${file}: ${message.split('\n')[0] ?? message}`);
	if (document.contents === null || problems.length > 0) return {overrides: {}, problems};
	const say = (node: unknown, what: string): void => {
		const [offset = 0] = (node as Node | null)?.range ?? [];
		const {line, col} = lines.linePos(offset);
		problems.push(`${file}:${line}:${col}  ${what}`);
	};
	if (!isMap(document.contents)) {
		say(document.contents, 'expected scopes with their commands, such as list: {down: [j, n]}');
		return {overrides: {}, problems};
	}
	let overrides: Overrides = {};
	for (const {key, value} of document.contents.items) {
		const scope = isScalar(key) ? String(key.value) : '';
		if (!isScope(scope)) {
			say(key, `"${scope}" is no scope.${hint(scope, Object.keys(keyTable))}`);
			continue;
		}
		const own = isMap(value) ? readScope(scope, value.items, say) : {};
		const broken = clashes([scope], {...overrides, ...own});
		if (broken.length > 0) say(key, `one key for two commands: ${broken.join('; ')}`);
		else overrides = {...overrides, ...own};
	}
	return {overrides, problems};
}

function readScope(scope: Scope, items: readonly {key: unknown; value: unknown}[], say: (node: unknown, what: string) => void): Overrides {
	const own: Record<string, readonly string[]> = {};
	const known = keyTable[scope].map(({command}: Binding) => command);
	for (const {key, value} of items) {
		const command = isScalar(key) ? String(key.value) : '';
		if (!known.includes(command)) {
			say(key, `"${command}" is no command of ${scope}.${hint(command, known)}`);
			continue;
		}
		const given = isSeq(value) ? value.items : [value];
		const names = given.map((item) => (isScalar(item) ? String(item.value) : ''));
		const bad = names.find((name) => !isKeyName(name));
		if (bad !== undefined) say(value, `"${bad}" is no key that every terminal can send`);
		else own[`${scope}.${command}`] = names;
	}
	return own;
}

function isScope(name: string): name is Scope {
	return Object.hasOwn(keyTable, name);
}

function hint(name: string, known: readonly string[]): string {
	const close = nearest(name, [...known]);
	return close ? ` Did you mean "${close}"?` : ` Known: ${known.join(', ')}`;
}
