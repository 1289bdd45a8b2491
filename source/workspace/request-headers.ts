import {checkSecretReferences} from './secret-references.js';
import type {Report} from './shape/report.js';
import type {Path} from './yaml/yaml-file.js';

const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What signs a request, and what frames it. */
const made = /^(webhook-(id|timestamp|signature)|host|content-length|transfer-encoding|connection)$/i;

/** Headers that are sent with a webhook or an automation. */
export function checkRequestHeaders(headers: Readonly<Record<string, string>>, path: readonly string[], report: Report): void {
	for (const [name, value] of Object.entries(headers)) {
		const at: Path = [...path, name];
		checkSecretReferences(value, at, report);
		if (headerName.test(name) && !made.test(name)) continue;
		report.atKey(at, {
			code: 'workspace.wrong_value',
			message: made.test(name) ? `Sluice makes the header "${name}" itself` : `"${name}" is not the name of a header`,
			expected: 'the name of another header, such as Authorization',
		});
	}
}
