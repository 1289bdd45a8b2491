import {probeWalls, type WallProbe} from '../../engine/sql/sandbox/probe-walls.js';
import type {Connector} from '../../model/connector.js';
import type {Limits} from '../../model/limits.js';
import {sqlOf} from './fingerprint.js';

/** What a machine needs for the second wall, in one sentence. */
export const sandboxCure =
	'install bubblewrap, or util-linux and mount, and let this user create user namespaces (sysctl user.max_user_namespaces, in a container its security profile)';

/** Whether a connector may only be activated behind a sandbox: it has SQL and secrets, and `limits.sql_sandbox` is not `off` (SPEC 5.4). */
export function needsSandbox(
	{sql, export: target, source, secrets}: Pick<Connector, 'sql' | 'export' | 'source' | 'secrets'>,
	{sqlSandbox}: Limits,
): boolean {
	const runsSql = sqlOf({sql, export: target}) !== null || (source !== null && 'sql' in source);
	return runsSql && secrets.length > 0 && sqlSandbox !== 'off';
}

/** What is missing when no second wall stands, for the list of an activation; null when one does. */
export function sandboxLack({standing, fallen}: WallProbe): string | null {
	if (standing !== null) return null;
	const reasons = fallen.map(({kind, reason}) => `${kind}: ${reason}`).join('; ');
	return `a sandbox around its SQL, because it has secrets and the guard is alone (${reasons}): ${sandboxCure}, or accept the guard alone by limits.sql_sandbox: off`;
}

/** The second wall of this machine, as it was last tried. */
export class SandboxCheck {
	#last: WallProbe | null = null;
	readonly #probe: () => Promise<WallProbe>;

	constructor(probe: () => Promise<WallProbe> = probeWalls) {
		this.#probe = probe;
	}

	/** Builds the wall and takes it down again. */
	async now(): Promise<WallProbe> {
		this.#last = await this.#probe();
		return this.#last;
	}

	/** What the connector lacks, as far as it is known without trying. */
	knownLack(connector: Connector | null, limits: Limits): string | null {
		return connector && this.#last && needsSandbox(connector, limits) ? sandboxLack(this.#last) : null;
	}

	/** What the connector lacks now. */
	async lack(connector: Connector, limits: Limits): Promise<string | null> {
		return needsSandbox(connector, limits) ? sandboxLack(await this.now()) : null;
	}
}
