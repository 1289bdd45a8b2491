import {realpathSync} from 'node:fs';
import {daemonFiles} from '../api/socket-path.js';
import {probeWalls} from '../engine/sql/sandbox/probe-walls.js';
import {readWorkspace} from '../workspace/read-workspace.js';
import {recallSettings} from './configuration/last-valid.js';
import {doctor} from './doctor.js';
import {pathsOf} from './paths.js';
import {startEmpty} from './state/start-empty.js';
import {makeStateFolder, realState} from './state-folder.js';

export type Check = {readonly workspaceDir: string; readonly startsEmpty: boolean; readonly user: string};

/**
 * What `doctor` does where no daemon can run: its checks, or the files that begin anew.
 *
 * @throws SluiceError `state.not_gone`, `daemon.folder_open`, `workspace.missing`
 */
export async function check({workspaceDir, startsEmpty, user}: Check): Promise<readonly object[]> {
	const dir = realpathSync(workspaceDir);
	const paths = pathsOf(dir, realState(daemonFiles(dir).state));
	const {settings} = await readWorkspace(dir, {lastValidText: recallSettings(paths.lastSettings)});
	makeStateFolder(paths, null);
	if (startsEmpty) return startEmpty(paths, settings.storeFile, {who: user, from: 'cli'}).map((file) => ({begins_anew: file}));
	return doctor(paths, settings, await probeWalls());
}
