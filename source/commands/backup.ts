import {toJson} from '../model/json.js';
import type {Run} from './command.js';
import {outputPath} from './local-path.js';
import {thousands} from './output.js';

/** `sluice backup`: a consistent copy of the state while everything runs. */
export const backup: Run = async (context) => {
	const to = outputPath(context.words[0] ?? '');
	const client = await context.client();
	const written = await client.backup(to);
	context.print(context.json ? toJson(written) : `${written.path}  ${thousands(written.bytes)} bytes`);
	return 0;
};
