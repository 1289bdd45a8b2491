type Environment = Readonly<Record<string, string | undefined>>;

/** What this terminal can do, as far as the environment says. */
export type Capabilities = {readonly colour: boolean; readonly unicode: boolean};

export function capabilitiesOf(environment: Environment): Capabilities {
	const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
	const ascii = /^(C|POSIX)$/.test(locale) || (locale !== '' && /\.(iso|latin|koi8|cp)/i.test(locale)) || environment.TERM === 'linux';
	return {colour: !environment.NO_COLOR, unicode: !ascii};
}

/** Whether the console can open here; null when it can, else why not. */
export function whyNoConsole(environment: Environment, {input, output}: {input: boolean; output: boolean}): string | null {
	if (!output) return 'the output is no terminal';
	if (!input) return 'the input is no terminal';
	if (environment.TERM === 'dumb') return 'TERM is dumb';
	if (environment.NO_TTY) return 'NO_TTY is set';
	return null;
}
