import {expect, test} from 'vitest';
import {giveUpWaiting, parseKeys} from '../../source/console/terminal/parse-keys.js';

const names = (input: string): string[] => parseKeys(input).heard.map(({key}) => (key.type === 'paste' ? `paste:${key.text}` : key.name));

test('keys that come in one read are as many keys', () => {
	expect(names('jjj\u001b[A\u001bOB\r\t\u001b[Z\u007f\u0003 é')).toEqual([
		'j',
		'j',
		'j',
		'up',
		'down',
		'enter',
		'tab',
		'shift-tab',
		'backspace',
		'ctrl-c',
		'space',
		'é',
	]);
});

test('a torn sequence waits for its end, a lone escape is one when nothing follows', () => {
	expect(parseKeys('a\u001b')).toMatchObject({heard: [{key: {name: 'a'}}], rest: '\u001b'});
	expect(parseKeys('\u001b[')).toEqual({heard: [], rest: '\u001b['});
	expect(giveUpWaiting('\u001b').map(({key}) => key)).toEqual([{type: 'key', name: 'escape', text: ''}]);
	expect(giveUpWaiting('\u001b[1;')).toEqual([]);
});

test('wherever a stretch of input is torn, the keys are the same', () => {
	const input = 'j\u001b[A\u001b[5~\u001b[1;5C\u001b[200~q\nx\u001b[201~k\u001b[<64;10;5M日G';
	const whole = names(input);
	expect(whole).toEqual(['j', 'up', 'pageup', 'ctrl-right', 'paste:q\nx', 'k', '日', 'G']);
	for (let at = 0; at <= input.length; at++) {
		const first = parseKeys(input.slice(0, at));
		const second = parseKeys(first.rest + input.slice(at));
		expect([...first.heard, ...second.heard].map(({key}) => (key.type === 'paste' ? `paste:${key.text}` : key.name))).toEqual(whole);
	}
});

test('a paste is one text however long, and an escape in it is a symbol', () => {
	const text = `${'x'.repeat(499)}\u001b`;
	expect(parseKeys(`\u001b[200~${text}\u001b[201~`).heard.map(({key}) => key)).toEqual([{type: 'paste', text: `${'x'.repeat(499)}␛`}]);
});

test('mouse reports and answers of the terminal are no keys', () => {
	expect(names('\u001b[<0;10;5M\u001b[<0;10;5m\u001b[M !!\u001b]11;rgb:0000/0000/0000\u0007\u001b[?62;c\u001bP1$r0m\u001b\\j')).toEqual([
		'j',
	]);
});
