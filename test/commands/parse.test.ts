import {expect, test} from 'vitest';
import {commandFirst, parse} from '../../source/commands/parse.js';
import {checkWords, findCommand} from '../../source/commands/usage.js';
import {SluiceError} from '../../source/model/errors.js';

function problemOf(act: () => unknown): SluiceError {
	try {
		act();
	} catch (error) {
		if (error instanceof SluiceError) return error;
	}
	throw new Error('nothing was refused');
}

test('words that look like numbers stay as they were typed', () => {
	expect(parse(findCommand('archive'), ['products', '0012', '1e3']).words).toEqual(['products', '0012', '1e3']);
	expect(parse(findCommand('records'), ['products', '--where', 'sku=0012', '--where', 'name=x']).flags.where).toEqual([
		'sku=0012',
		'name=x',
	]);
	expect(parse(findCommand('rows'), ['last', 'load:1', '--find', '007']).flags.find).toBe('007');
});

test('flags that switch something off are named by what they switch off', () => {
	expect(parse(findCommand('run'), ['items', '--no-diff-check']).flags['no-diff-check']).toBe(true);
	expect(parse(findCommand('run'), ['items']).flags['no-diff-check']).toBe(false);
});

test('an unknown flag or command is refused with the nearest one', () => {
	expect(problemOf(() => parse(findCommand('run'), ['items', '--dry-rum'])).cure).toBe('Did you mean --dry-run?');
	expect(problemOf(() => findCommand('actvate')).cure).toBe('Did you mean "sluice activate"?');
});

test('a flag without its value is refused', () => {
	expect(problemOf(() => parse(findCommand('run'), ['items', '--input'])).message).toBe('--input needs a value');
	expect(problemOf(() => parse(findCommand('rows'), ['last', 'load:1', '--limit', 'many'])).message).toBe('--limit needs a number');
});

test('missing and surplus words are refused with the usage', () => {
	expect(problemOf(() => checkWords(findCommand('rows'), ['last'])).message).toBe('"sluice rows" needs <table>');
	expect(problemOf(() => checkWords(findCommand('show'), ['last', 'more'])).message).toBe('"more" is one word too many');
	expect(() => checkWords(findCommand('cancel'), ['a', 'b', 'c'])).not.toThrow();
});

test.each([
	['--workspace DIR run people --input a.csv', 'run --workspace DIR people --input a.csv'],
	['--workspace=DIR --json show last', 'show --workspace=DIR --json last'],
	['run people --workspace DIR', 'run people --workspace DIR'],
	['--workspace DIR', '--workspace DIR'],
	['--accessible', '--accessible'],
	['--limit 3 rows', '--limit 3 rows'],
])('flags of every command may stand before it: %s', (given, meant) => {
	expect(commandFirst(given.split(' '))).toEqual(meant.split(' '));
});
