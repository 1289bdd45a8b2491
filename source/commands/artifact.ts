import type {ArtifactName} from '../api/contract.js';
import {toJson} from '../model/json.js';
import type {Run} from './command.js';
import {textFlag} from './flags.js';
import {outputPath} from './local-path.js';
import {thousands} from './output.js';

/** `sluice report`, `sql-output` and `input`: the daemon writes the artifact where the user says (SPEC 12). */
export function artifact(kind: ArtifactName): Run {
	return async (context) => {
		const to = outputPath(textFlag(context.flags, 'to') ?? '.');
		const client = await context.client();
		const written = await client.export(context.words[0] ?? '', {
			artifact: kind,
			to,
			safe_csv: context.flags['safe-csv'] === true,
		});
		context.print(context.json ? toJson(written) : `${written.path}  ${thousands(written.bytes)} bytes`);
		return 0;
	};
}
