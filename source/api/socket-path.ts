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
 * Where the socket of a workspace lies. `folder` is the user's own folder that must exist with mode 0700 before it is used,
 * null where the socket lies in a folder that is private already.
 *
 * why: Node cuts a socket path at 108 bytes in silence, so two workspaces could collide (DESIGN 4).
 */
export function socketPath(
	workspaceDir: string,
	environment: NodeJS.ProcessEnv = process.env,
): {readonly path: string; readonly folder: string | null} {
	const near = join(workspaceDir, '.sluice', 'daemon.sock');
	if (Buffer.byteLength(near) <= 100) return {path: near, folder: null};
	const hash = createHash('sha256').update(workspaceDir).digest('hex').slice(0, 24);
	const runtime = environment.XDG_RUNTIME_DIR;
	if (runtime && Buffer.byteLength(runtime) < 60) return {path: join(runtime, `sluice-${hash}.sock`), folder: null};
	const folder = join(tmpdir(), `sluice-${process.getuid?.() ?? 'user'}`);
	return {path: join(folder, `${hash}.sock`), folder};
}
