import type {CommandLine} from './command-line.js';
import type {Mount} from './mounts.js';

const flags = {read: '--ro-bind', execute: '--ro-bind', device: '--dev-bind', write: '--bind'} as const;

/** The command line that runs a program inside bubblewrap. It shows `mounts` and an empty, private /tmp, and ends with its parent. */
export function bubblewrapCommand(
	bwrap: string,
	mounts: readonly Mount[],
	network: boolean,
	folder: string,
	command: CommandLine,
): CommandLine {
	return {
		program: bwrap,
		arguments: [
			...['--unshare-all', ...(network ? ['--share-net'] : []), '--cap-drop', 'ALL', '--die-with-parent'],
			...['--perms', '1777', '--tmpfs', '/tmp'],
			...mounts.flatMap(({source, target, access}) => [flags[access], source, target]),
			...['--chdir', folder, '--', command.program, ...command.arguments],
		],
	};
}
