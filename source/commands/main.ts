import {otherVersion, version} from '../api/version.js';
import {whyNoConsole} from '../console/terminal/capabilities.js';
import {SluiceError, toSluiceError} from '../model/errors.js';
import {findWorkspace} from '../workspace/find-workspace.js';
import type {Context, ExitCode, FlagValues} from './command.js';
import {commandFirst, parse} from './parse.js';
import {checkWords, findCommand, help} from './usage.js';
import {type Writer, writerTo} from './writer.js';

/** Runs one command line and says how it ended. Errors are printed for a person, or as one object with `--json`. */
export async function main(words: readonly string[]): Promise<ExitCode> {
	const argv = commandFirst(words);
	const wantsJson = argv.includes('--json');
	const writer = writerTo(process, {json: wantsJson});
	try {
		if (meansConsole(argv, writer)) return await openConsole(argv, writer);
		const [name = 'status', ...rest] = startsWithCommand(argv) ? argv : ['status', ...argv];
		if (argv.includes('--version')) return print(writer, version());
		if (!startsWithCommand(argv) && (argv.includes('--help') || argv.includes('-h'))) return print(writer, help());
		if (name === 'help') return print(writer, rest[0] ? help(findCommand(rest[0])) : help());
		const command = findCommand(name);
		const {words, flags} = parse(command, rest);
		if (flags.help) return print(writer, help(command));
		checkWords(command, words);
		const run = await command.load();
		return await run(contextOf(words, flags, writer));
	} catch (error) {
		return complain(toSluiceError(error), writer, wantsJson);
	}
}

function startsWithCommand(argv: readonly string[]): boolean {
	return argv[0] !== undefined && !argv[0].startsWith('-');
}

/** `sluice` alone, with flags of the console at most, on a terminal that can show it. Elsewhere it is `sluice status`, with a hint. */
function meansConsole(argv: readonly string[], {say}: Writer): boolean {
	if (startsWithCommand(argv) || ['--help', '-h', '--version', '--json'].some((flag) => argv.includes(flag))) return false;
	const why = whyNoConsole(process.env, {input: process.stdin.isTTY === true, output: process.stdout.isTTY === true});
	if (why === null || wantsAccessible(argv)) return true;
	say(`sluice: no console here (${why}); this is \`sluice status\`, see \`sluice --help\``);
	return false;
}

function wantsAccessible(argv: readonly string[]): boolean {
	return argv.includes('--accessible') || (process.env.INK_SCREEN_READER === 'true' && process.stdin.isTTY === true);
}

async function openConsole(argv: readonly string[], writer: Writer): Promise<ExitCode> {
	const words = argv.filter((word) => word !== '--accessible');
	const {flags} = parse(findCommand('status'), words);
	const workspaceDir = contextOf([], flags, writer).workspace();
	const opened = await import('../console/main.js');
	return (await opened.openConsole({workspaceDir, accessible: wantsAccessible(argv)})) as ExitCode;
}

function contextOf(words: readonly string[], flags: FlagValues, writer: Writer): Context {
	const folder = typeof flags.workspace === 'string' ? flags.workspace : process.cwd();
	const workspace = () => {
		const found = findWorkspace(folder);
		if (!found) throw new SluiceError('workspace.missing', `No sluice.yaml in ${folder} or any folder above`);
		return found;
	};
	return {
		...writer,
		words,
		flags,
		json: flags.json === true,
		folder,
		workspace,
		async client() {
			const {connect, recordedVersion} = await import('../api/connect.js');
			const client = await connect({workspaceDir: workspace(), start: true});
			const other = otherVersion(recordedVersion(workspace()));
			if (other !== null && flags.json !== true) writer.say(`sluice: ${other}`);
			return client;
		},
		live: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
	};
}

function print(writer: Writer, text: string): ExitCode {
	writer.print(...text.split('\n'));
	return 0;
}

function complain(error: SluiceError, {say, sayJson}: Writer, json: boolean): ExitCode {
	if (json) sayJson(JSON.stringify(error));
	else {
		const lines = [`sluice: ${error.where && !error.message.includes(error.where) ? `${error.where}: ` : ''}${error.message}`];
		if (error.expected) lines.push(`  expected: ${error.expected}`);
		if (error.cure) lines.push(`  ${error.cure}`);
		say(...lines);
	}
	return exitCodeOfError(error.code);
}

/** Codes of errors that only the person at the keyboard can settle (SPEC 13). */
const decisions = new Set(['queue.decision_needed', 'activation.decided', 'run.incomplete', 'run.confirm_needed']);

function exitCodeOfError(code: string): ExitCode {
	if (code.startsWith('usage.') || code === 'store.unknown') return 2;
	return decisions.has(code) ? 5 : 1;
}
