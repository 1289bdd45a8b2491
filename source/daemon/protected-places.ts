import type {ProtectedPlaces} from '../platform/files/output-target.js';
import type {Paths} from './paths.js';
import {keyFile} from './secrets/key-file.js';

/** What no output of this workspace may be written onto (SPEC 17). */
export function protectedPlaces(paths: Pick<Paths, 'workspace' | 'workspaceId' | 'state'>, storeFile: string): ProtectedPlaces {
	const {workspace, state} = paths;
	return {workspace, state, files: [storeFile, keyFile(paths)]};
}
