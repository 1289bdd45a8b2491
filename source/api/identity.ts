import {userInfo} from 'node:os';

/** Who acts, and through which door. A claim for the history, not an authentication (SPEC 0). */
export type Identity = {readonly user: string; readonly from: 'cli' | 'console' | 'api'};

/** `SLUICE_USER`, else `SUDO_USER`, else the login (SPEC 0). */
export function currentUser(environment: NodeJS.ProcessEnv = process.env): string {
	return environment.SLUICE_USER || environment.SUDO_USER || login(environment);
}

function login(environment: NodeJS.ProcessEnv): string {
	try {
		return userInfo().username;
	} catch {
		// why: a container may run under a user id that has no line in /etc/passwd, and `userInfo` then throws.
		return environment.USER || `uid ${process.getuid?.() ?? 'unknown'}`;
	}
}
