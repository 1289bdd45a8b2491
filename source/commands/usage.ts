import {SluiceError} from '../model/errors.js';
import {nearest} from '../model/nearest.js';
import type {Command, Flag} from './command.js';
import {commands, commonFlags} from './table.js';

/** `sluice --help`, or the help of one command. */
export function help(command?: Command): string {
	if (!command) {
		const width = Math.max(...commands.map(({name, words}) => name.length + words.length + 1));
		const lines = commands.map(({name, words, summary}) => `  ${`${name} ${words}`.padEnd(width + 2)}${summary}`);
		return [
			'sluice: batch data connectors, from a file to records',
			'',
			'Usage: sluice <command> [flags]',
			'',
			...lines,
			'',
			'Flags of every command:',
			...flagLines(commonFlags),
		].join('\n');
	}
	return [
		`sluice ${command.name} ${command.words}`.trim(),
		`  ${command.summary}`,
		'',
		'Flags:',
		...flagLines({...command.flags, ...commonFlags}),
	].join('\n');
}

function flagLines(flags: Readonly<Record<string, Flag>>): string[] {
	const entries = Object.entries(flags).map(([name, flag]) => [`--${name}${flag.value ? ` ${flag.value}` : ''}`, flag.summary] as const);
	const width = Math.max(...entries.map(([name]) => name.length));
	return entries.map(([name, summary]) => `  ${name.padEnd(width + 2)}${summary}`);
}

/** A word behind `before` (a command, a flag) that is none of `known`: names them, and the nearest. */
export function notKnown(before: string, given: string, known: readonly string[]): SluiceError {
	const hint = nearest(given, known);
	return new SluiceError('usage.unknown', `"${before} ${given}" is not known`, {
		expected: known.join(', '),
		cure: hint ? `Did you mean "${before} ${hint}"?` : undefined,
	});
}

/** @throws SluiceError `usage.unknown` with the nearest command */
export function findCommand(name: string): Command {
	const command = commands.find((candidate) => candidate.name === name);
	if (command) return command;
	const hint = nearest(
		name,
		commands.map((candidate) => candidate.name),
	);
	throw new SluiceError('usage.unknown', `There is no command "${name}"`, {cure: hint ? `Did you mean "sluice ${hint}"?` : undefined});
}

/** @throws SluiceError `usage.unknown` naming the first flag the command does not take */
export function checkFlags(command: Command, given: readonly string[]): void {
	const known = [...Object.keys(command.flags), ...Object.keys(commonFlags)];
	for (const flag of given) {
		if (known.includes(flag)) continue;
		const hint = nearest(flag, known);
		throw new SluiceError('usage.unknown', `"sluice ${command.name}" has no flag --${flag}`, {
			expected: known.map((name) => `--${name}`).join(', '),
			cure: hint ? `Did you mean --${hint}?` : `See "sluice ${command.name} --help".`,
		});
	}
}

/** @throws SluiceError `usage.unknown` when words are missing or too many */
export function checkWords(command: Command, words: readonly string[]): void {
	const shape = command.words.split(' ').filter(Boolean);
	const least = shape.filter((word) => word.startsWith('<')).length;
	const most = shape.some((word) => word.includes('...')) ? Number.POSITIVE_INFINITY : shape.length;
	if (words.length >= least && words.length <= most) return;
	throw new SluiceError(
		'usage.unknown',
		words.length < least
			? `"sluice ${command.name}" needs ${shape.slice(words.length).join(' ')}`
			: `"${words[most]}" is one word too many`,
		{
			cure: `Usage: sluice ${command.name} ${command.words}`.trim(),
		},
	);
}
