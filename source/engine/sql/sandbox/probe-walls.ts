import {mkdtempSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {SluiceError} from '../../../model/errors.js';
import {endAll, type Fallen, startBehind} from '../start-process.js';
import {type WallKind, wallKinds} from './wall.js';

/** Which second wall this machine can build, and which it cannot. */
export type WallProbe = {
	/** The kind that the engine gets and the program that builds it; null where the guard is alone. */
	readonly standing: {readonly kind: WallKind; readonly program: string} | null;
	/** The kinds that were tried before it. */
	readonly fallen: readonly Fallen[];
};

/** Starts a worker behind each kind of wall until one stands. The engine is not loaded. */
export async function probeWalls(kinds: readonly WallKind[] = wallKinds): Promise<WallProbe> {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-walls-')));
	const fallen: Fallen[] = [];
	try {
		for (const kind of kinds) {
			const started = await startBehind(kind, {
				folder,
				sandbox: 'required',
				readOnly: [],
				stepsBack: 0,
				network: false,
				timezone: 'UTC',
				redact: (text) => text,
			});
			if ('reason' in started) {
				fallen.push(started);
				continue;
			}
			await endAll(started.child, started.connection, new SluiceError('sql.cancelled', 'The trial is over'));
			if (started.wall !== null) return {standing: {kind, program: started.wall}, fallen};
		}
		return {standing: null, fallen};
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}
