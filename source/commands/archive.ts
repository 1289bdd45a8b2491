import {toJson} from '../model/json.js';
import type {Run} from './command.js';

/** `sluice archive` and `unarchive`: by unique identifier or id; all of them or none. */
export function archive(act: 'archive' | 'unarchive'): Run {
	return async (context) => {
		const [object = '', ...identifiers] = context.words;
		const client = await context.client();
		const done: Readonly<Record<string, number>> = await (act === 'archive'
			? client.archive(object, identifiers)
			: client.unarchive(object, identifiers));
		const count = Object.values(done)[0] ?? 0;
		context.print(
			context.json
				? toJson(done)
				: `${act === 'archive' ? 'Archived' : 'Brought back'} ${count} ${count === 1 ? 'record' : 'records'} of ${object}.`,
		);
		return 0;
	};
}
