import {connect} from '../api/connect.js';
import {currentUser} from '../api/identity.js';
import {keepHeapFlat} from './heap.js';

export type ConsoleOptions = {
	/** The workspace's folder. */
	readonly workspaceDir: string;
	/** Line by line, with numbered menus, for screen readers (SPEC 14). */
	readonly accessible?: boolean;
};

/**
 * Opens the console on this terminal and stays until the person leaves it. The daemon is started where none runs.
 *
 * @returns the exit code
 * @throws SluiceError when the daemon can neither be found nor started; the terminal is untouched then
 */
export async function openConsole({workspaceDir, accessible = false}: ConsoleOptions): Promise<number> {
	const user = currentUser();
	const environment = process.env;
	const connecting = connect({workspaceDir, identity: {user, from: 'console'}});
	if (accessible) {
		// why: an error of one must not leave the other unwatched.
		const [client, rooms] = await Promise.all([connecting, asUsersRun(() => import('./accessible/open.js'))]);
		keepHeapFlat();
		return await rooms.open({client, workspaceDir, user, folder: process.cwd(), environment});
	}
	const [client, {openTerminal: takeStage}] = await Promise.all([connecting, import('./app/open-terminal.js')]);
	const stage = takeStage({workspaceDir, user, environment});
	try {
		const rooms = await asUsersRun(() => import('./app/open.js'));
		keepHeapFlat();
		return await rooms.open({client, workspaceDir, user, folder: process.cwd(), environment}, stage);
	} catch (error) {
		return stage.session.die(error);
	}
}

/**
 * Loads React and Ink. React chooses its build by NODE_ENV when it is loaded (the development one takes 40 % longer a frame), and Ink
 * draws nothing when it finds CI; programs started later, such as the editor, get the environment as it was.
 */
async function asUsersRun<Rooms>(load: () => Promise<Rooms>): Promise<Rooms> {
	const {NODE_ENV, CI, CONTINUOUS_INTEGRATION} = process.env;
	process.env.NODE_ENV = 'production';
	delete process.env.CI;
	delete process.env.CONTINUOUS_INTEGRATION;
	try {
		return await load();
	} finally {
		restore({NODE_ENV, CI, CONTINUOUS_INTEGRATION});
	}
}

function restore(environment: Readonly<Record<string, string | undefined>>): void {
	for (const [name, value] of Object.entries(environment)) {
		if (value === undefined) delete process.env[name];
		else process.env[name] = value;
	}
}
