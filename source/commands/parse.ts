import meow from 'meow';
import {SluiceError} from '../model/errors.js';
import type {Command, Flag, FlagType, FlagValues} from './command.js';
import {commonFlags} from './table.js';
import {checkFlags, notKnown} from './usage.js';

const meowTypes: Readonly<Record<FlagType, 'boolean' | 'string' | 'number'>> = {
	boolean: 'boolean',
	string: 'string',
	number: 'number',
	strings: 'string',
};

/**
 * The words and flags after a command's name.
 *
 * @throws SluiceError `usage.unknown` for a flag the command does not take, or one without its value
 */
export function parse(command: Command, argv: readonly string[]): {words: readonly string[]; flags: FlagValues} {
	const known = {...command.flags, ...commonFlags};
	const end = argv.indexOf('--');
	const given = (end < 0 ? argv : argv.slice(0, end))
		.filter((word) => word.startsWith('--'))
		.map((word) => word.slice(2).split('=')[0] ?? '');
	checkFlags(command, given);
	const parsed = meow('', {
		importMeta: import.meta,
		argv: [...argv],
		flags: Object.fromEntries(
			Object.entries(known).map(([name, {type}]) => [key(name), {type: meowTypes[type], isMultiple: type === 'strings'}]),
		),
		autoHelp: false,
		autoVersion: false,
		allowUnknownFlags: true,
	});
	const values = parsed.flags as Readonly<Record<string, FlagValues[string]>>;
	const flags = Object.fromEntries(Object.keys(known).map((name) => [name, flagValue(name, values, given)]));
	for (const [name, flag] of Object.entries(known)) if (given.includes(name)) checkValue(name, flag, flags[name]);
	return {words: parsed.input.map(String), flags};
}

/** The command before the flags that every command has: `--workspace DIR run` is `run --workspace DIR`. Anything else stays as it is. */
export function commandFirst(argv: readonly string[]): readonly string[] {
	for (let at = 0; at < argv.length; at++) {
		const word = argv[at] ?? '';
		if (!word.startsWith('-')) return [word, ...argv.slice(0, at), ...argv.slice(at + 1)];
		const flag = Object.entries(commonFlags).find(([name]) => word === `--${name}` || word.startsWith(`--${name}=`))?.[1];
		if (!flag) return argv;
		if (flag.type !== 'boolean' && !word.includes('=')) at++;
	}
	return argv;
}

/** why: the parser below meow takes `--no-x` as `x: false`, and names flags in camel case. */
function key(name: string): string {
	return name.replace(/^no-/, '').replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function flagValue(name: string, values: Readonly<Record<string, FlagValues[string]>>, given: readonly string[]): FlagValues[string] {
	return name.startsWith('no-') ? given.includes(name) : values[key(name)];
}

function checkValue(name: string, flag: Flag, value: FlagValues[string]): void {
	const missing = flag.type === 'number' ? !Number.isFinite(value) : flag.type !== 'boolean' && (value === undefined || value === '');
	if (missing)
		throw new SluiceError('usage.unknown', `--${name} needs ${flag.type === 'number' ? 'a number' : 'a value'}`, {
			cure: `Usage: --${name} ${flag.value ?? 'VALUE'}`,
		});
	if (flag.oneOf && !flag.oneOf.includes(String(value))) throw notKnown(`--${name}`, String(value), flag.oneOf);
	if (flag.type === 'number' && (!Number.isInteger(value) || Number(value) < 0))
		throw new SluiceError('usage.unknown', `--${name} ${value} is not a whole number`, {expected: '0, 1, 2, ...'});
}
