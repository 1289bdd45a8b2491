import {spawn} from 'node:child_process';

/** The words that open a file at a line in the person's editor: `$VISUAL`, `$EDITOR`, else `vi`. */
export function editorCommand(
	environment: Readonly<Record<string, string | undefined>>,
	{file, line}: {readonly file: string; readonly line?: number | undefined},
): readonly string[] {
	const words = (environment.VISUAL || environment.EDITOR || 'vi').split(' ').filter(Boolean);
	const name = words[0]?.split('/').at(-1) ?? '';
	if (line === undefined) return [...words, file];
	if (/^(code|codium|cursor)$/.test(name)) return [...words, '--wait', '--goto', `${file}:${line}`];
	if (/^(subl|hx|helix|zed)$/.test(name)) return [...words, `${file}:${line}`];
	return [...words, `+${line}`, file];
}

/** Runs a program on this terminal until it ends. @returns its exit code, or the reason it could not start */
export function runOnTerminal([command = 'vi', ...words]: readonly string[]): Promise<number | Error> {
	return new Promise((resolve) => {
		const child = spawn(command, words, {stdio: 'inherit'});
		child.once('error', resolve);
		child.once('exit', (code) => resolve(code ?? 1));
	});
}
