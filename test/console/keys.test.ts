import {expect, test} from 'vitest';
import {bindingsOf, clashes, keyboardOf} from '../../source/console/keys/bindings.js';
import {isKeyName} from '../../source/console/keys/key.js';
import {readOverrides} from '../../source/console/keys/read-overrides.js';
import {keyTable, type Scope} from '../../source/console/keys/table.js';
import {screens} from '../../source/console/screens/all.js';

test('no screen has a key that stands for two commands', () => {
	for (const screen of Object.values(screens))
		expect({screen: screen.name, clashes: clashes(screen.scopes)}).toEqual({screen: screen.name, clashes: []});
});

test('every key in the table is one that terminals can send', () => {
	for (const scope of Object.keys(keyTable) as Scope[]) {
		for (const {command, keys} of bindingsOf(scope)) {
			for (const key of keys) expect({scope, command, key, known: isKeyName(key)}).toEqual({scope, command, key, known: true});
		}
	}
});

test('a person’s own keys take the place of the table’s', () => {
	const {overrides, problems} = readOverrides('list:\n  down: [n, down]\n  up: p\n', 'keys.yaml');
	expect(problems).toEqual([]);
	const keyboard = keyboardOf(['list'], overrides);
	expect([keyboard.commandOf('n'), keyboard.commandOf('p'), keyboard.commandOf('j'), keyboard.commandOf(':')]).toEqual([
		'down',
		'up',
		null,
		'palette',
	]);
});

test('a file with mistakes says where each is and leaves the rest as it was', () => {
	const {overrides, problems} = readOverrides('list:\n  dwn: n\n  up: ctrl-s\nlst:\n  up: k\ntables:\n  hide: q\n', 'keys.yaml');
	expect(problems).toEqual([
		'keys.yaml:2:3  "dwn" is no command of list. Did you mean "down"?',
		'keys.yaml:3:7  "ctrl-s" is no key that every terminal can send',
		'keys.yaml:4:1  "lst" is no scope. Did you mean "list"?',
		'keys.yaml:6:1  one key for two commands: q: tables.hide, app.quit',
	]);
	expect(overrides).toEqual({});
});
