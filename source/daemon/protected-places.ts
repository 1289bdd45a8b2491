import type {ProtectedPlaces} from '../files/output-target.js';
import type {Paths} from './paths.js';
import {keyFile} from './secrets/key-file.js';

/** What no output of this workspace may be written onto (SPEC 17). */
export function protectedPlaces({workspace, state}: Pick<Paths, 'workspace' | 'state'>, storeFile: string): ProtectedPlaces {
	return {workspace, state, files: [storeFile, keyFile(workspace)]};
}
