import {createHash} from 'node:crypto';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** Where the daemon of a workspace keeps what must be found from outside. All absolute. */
export function daemonFiles(workspaceDir: string): {state: string; file: string; log: string; logFile: string} {
	return filesOfState(join(workspaceDir, '.sluice'));
}

/** The same in a state folder that lies elsewhere, because `.sluice` is a link. */
export function filesOfState(state: string): ReturnType<typeof daemonFiles> {
	return {state, file: join(state, 'daemon.json'), log: join(state, 'log'), logFile: join(state, 'log', 'daemon.log')};
}

/** `.sluice/daemon.json`: the daemon that runs, or ran last. */
export type DaemonFile = {readonly pid: number; readonly socket: string; readonly version: string; readonly started_at: string};

/**
 * A place for a socket. `folder` is the user's own folder that must exist with mode 0700 before it is used, null where the socket lies in a
 * folder that is private already.
 */
export type SocketPlace = {readonly path: string; readonly folder: string | null};

/** Where the socket of a workspace lies, unless it cannot be opened there. */
export function socketPath(workspaceDir: string, environment: NodeJS.ProcessEnv = process.env): SocketPlace {
	const [first] = socketPlaces(workspaceDir, environment);
	return first;
}

const longestPath = 100;

/**
 * The places for the socket of a workspace, the best first. Node cuts a socket path at 108 bytes in silence, so that two workspaces could
 * collide (DESIGN 4): no place is longer than 100.
 */
export function socketPlaces(
	workspaceDir: string,
	environment: NodeJS.ProcessEnv = process.env,
): readonly [SocketPlace, ...(readonly SocketPlace[])] {
	const near = join(workspaceDir, '.sluice', 'daemon.sock');
	const hash = createHash('sha256').update(workspaceDir).digest('hex').slice(0, 24);
	const runtime = environment.XDG_RUNTIME_DIR;
	const folder = join(tmpdir(), `sluice-${process.getuid?.() ?? 'user'}`);
	const last = {path: join(folder, `${hash}.sock`), folder};
	const before = [near, ...(runtime ? [join(runtime, `sluice-${hash}.sock`)] : [])]
		.filter((path) => Buffer.byteLength(path) <= longestPath)
		.map((path) => ({path, folder: null}));
	const [first = last, ...more] = [...before, last];
	return [first, ...more];
}
