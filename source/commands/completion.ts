import {SluiceError} from '../model/errors.js';
import {own} from '../model/own.js';
import type {Run} from './command.js';
import {commands, commonFlags} from './table.js';

/** `sluice completion`: a script for the shell, made from the command table. */
export const completion: Run = async (context) => {
	const shell = context.words[0] ?? '';
	const write = own(scripts, shell);
	if (!write) throw new SluiceError('usage.unknown', `No completion for "${shell}"`, {expected: Object.keys(scripts).join(', ')});
	context.print(...write().split('\n'));
	return 0;
};

const names = commands.map(({name}) => name).join(' ');

function flagsOf(flags: object): string {
	return [...Object.keys(flags), ...Object.keys(commonFlags)].map((name) => `--${name}`).join(' ');
}

const scripts: Readonly<Record<string, () => string>> = {
	bash: () =>
		[
			'_sluice() {',
			'  local word="${COMP_WORDS[COMP_CWORD]}"',
			`  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${names}" -- "$word")); return; fi`,
			'  case "${COMP_WORDS[1]}" in',
			...commands.map(({name, flags}) => `    ${name}) COMPREPLY=($(compgen -W "${flagsOf(flags)}" -- "$word")) ;;`),
			'  esac',
			'  [ "${#COMPREPLY[@]}" -gt 0 ] || COMPREPLY=($(compgen -f -- "$word"))',
			'}',
			'complete -F _sluice sluice',
		].join('\n'),
	zsh: () =>
		[
			'#compdef sluice',
			'_sluice() {',
			`  if (( CURRENT == 2 )); then _values command ${commands.map(({name, summary}) => `'${name}[${summary.replaceAll("'", '’')}]'`).join(' ')}; return; fi`,
			'  case "$words[2]" in',
			...commands.map(({name, flags}) => `    ${name}) compadd -- ${flagsOf(flags)} ;;`),
			'  esac',
			'  _files',
			'}',
			'_sluice "$@"',
		].join('\n'),
	fish: () =>
		[
			...commands.map(({name, summary}) => `complete -c sluice -n __fish_use_subcommand -a ${name} -d '${summary.replaceAll("'", '’')}'`),
			...commands.flatMap(({name, flags}) =>
				Object.entries(flags).map(
					([flag, {summary}]) =>
						`complete -c sluice -n '__fish_seen_subcommand_from ${name}' -l ${flag} -d '${summary.replaceAll("'", '’')}'`,
				),
			),
		].join('\n'),
};
