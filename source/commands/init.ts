import {resolve} from 'node:path';
import {toJson} from '../model/json.js';
import {initWorkspace} from '../workspace/scaffold.js';
import type {Run} from './command.js';

/** `sluice init`: a small workspace to start from. */
export const init: Run = async (context) => {
	const dir = resolve(context.words[0] ?? context.folder);
	const files = await initWorkspace(dir);
	context.print(
		...(context.json
			? [toJson({workspace: dir, files})]
			: [`A new workspace in ${dir}:`, ...files.map((file) => `  ${file}`), 'Next: cd there, and `sluice validate`.']),
	);
	return 0;
};
