import {statSync} from 'node:fs';
import type {CommandLine} from './command-line.js';
import {ancestors, type Mount} from './mounts.js';

/** The programs of the operating system that build the private root; the last two are run inside it. */
export const unshareTools = ['unshare', 'sh', 'mkdir', 'mount', 'pivot_root', 'umount', 'setpriv'] as const;

export type UnshareTools = {readonly [Tool in (typeof unshareTools)[number]]: string};

/**
 * Runs as root of the new user namespace, in namespaces of its own: mounts a private root, moves into it, forgets the old one and gives
 * up every right. All paths are arguments; the only text that is evaluated names arguments by number.
 *
 * Arguments: the mount point of the root, the table of mounts, the folder to start in, six programs, the number of arguments of the
 * command, the command, the folders to make, `--`, the files to make.
 *
 * The command is a child of the shell. A process that is the first of its namespace cannot end itself by a signal, as the worker does.
 */
const script = `
set -eu
umask 022
base=$1 table=$2 folder=$3 mkdir=$4 mount=$5 pivot_root=$6 umount=$7 setpriv=$8 count=$9
shift 9
index=0 command=
while [ "$index" -lt "$count" ]; do
	index=$((index + 1))
	command="$command \\"\\\${$index}\\""
done
"$mount" -n -t tmpfs -o mode=755,size=256m,nosuid,nodev tmpfs "$base"
cd "$base"
(
	shift "$count"
	folders= index=0
	for path do
		[ "$path" = -- ] && break
		index=$((index + 1))
		folders="$folders \\"\\\${$index}\\""
	done
	eval "\\"\\$mkdir\\" -p -- $folders"
	shift "$((index + 1))"
	for path do
		: >"$path"
	done
	printf %s "$table" >.table
)
"$mount" -n -a -T .table
: >.table
{ echo 0 >/proc/sys/user/max_user_namespaces; } 2>/dev/null || :
"$pivot_root" . .old
"$umount" -n -l /.old /proc
cd "$folder"
unset OLDPWD
status=0
eval "\\"\\$setpriv\\" --no-new-privs --bounding-set=-all --inh-caps=-all -- $command" || status=$?
exit "$status"
`;

/** Mount points that every Linux has; the first that hides nothing of what is to be mounted. */
const mountPoints = ['/sys', '/mnt', '/media', '/srv', '/opt', '/boot', '/tmp'];

const options = {
	read: 'bind,ro,nosuid,nodev,noexec',
	execute: 'bind,ro,nosuid,nodev',
	device: 'bind,nosuid,noexec',
	write: 'rbind',
} as const;

/**
 * The command line that runs a program behind the namespaces of util-linux' `unshare`, in a root that shows `mounts` and an empty,
 * private /tmp. It ends with its parent: each of its processes is killed when the one that started it ends.
 */
export function unshareCommand(
	tools: UnshareTools,
	mounts: readonly Mount[],
	network: boolean,
	folder: string,
	command: CommandLine,
): CommandLine {
	const {unshare, sh, mkdir, mount, pivot_root, umount, setpriv} = tools;
	const base = mountPoints.find((point) => mounts.every(({source}) => source !== point && !source.startsWith(`${point}/`))) ?? '/sys';
	const {folders, files} = emptyTargets(mounts);
	const namespaces = ['--map-root-user', '--mount', '--pid', '--ipc', '--uts', '--cgroup', ...(network ? [] : ['--net'])];
	return {
		program: setpriv,
		arguments: [
			...['--pdeathsig', 'KILL', '--', unshare, ...namespaces, '--fork', '--kill-child', '--', sh, '-c', script, 'sh'],
			...[base, tableOf(base, mounts), folder, mkdir, mount, pivot_root, umount, setpriv],
			...[String(command.arguments.length + 1), command.program, ...command.arguments],
			...[...folders, '--', ...files].map((path) => (path === '--' ? path : `.${path}`)),
		],
	};
}

/** What has to be there before something can be mounted on it. */
function emptyTargets(mounts: readonly Mount[]) {
	const isFolder = ({source}: Mount) => statSync(source).isDirectory();
	const folders = mounts.flatMap((mount) => (isFolder(mount) ? [...ancestors(mount.target), mount.target] : ancestors(mount.target)));
	return {
		folders: [...new Set(['/tmp', '/.old', '/proc', ...folders])],
		files: mounts.filter((mount) => !isFolder(mount)).map(({target}) => target),
	};
}

/** The mounts as lines of an fstab file. The machine's /proc is there only until the old root is gone: `umount` cannot do without. */
function tableOf(base: string, mounts: readonly Mount[]): string {
	const lines = mounts.map(({source, target, access}) => `${escaped(source)} ${escaped(base + target)} none ${options[access]} 0 0`);
	return [...lines, `/proc ${base}/proc none rbind 0 0`, ''].join('\n');
}

/** Bytes other than the plainest as octal numbers, which is how fstab writes blanks, line breaks and backslashes. */
function escaped(path: string): string {
	return [...Buffer.from(path)]
		.map((byte) => {
			const character = String.fromCharCode(byte);
			return /[\w/.-]/.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`;
		})
		.join('');
}
