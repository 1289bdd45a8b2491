import type {Report} from './shape/report.js';
import type {Path} from './yaml/yaml-file.js';

const wellFormed = /^\$\{secret:[A-Za-z][A-Za-z0-9_]{0,62}\}$/;
/** Whatever looks as if it were to be filled in: `${...}`, closed or not, and `{secret:...}` without its dollar. */
const looksLikeOne = /\$\{[^}]*\}?|\{\s*secrets?\s*:[^}]*\}?/gi;

/** Secrets stand in texts as `${secret:name}` (SPEC 15); anything that only looks like it would be sent as it is. */
export function checkSecretReferences(text: string, path: Path, report: Report): void {
	for (const [found] of text.matchAll(looksLikeOne)) {
		if (wellFormed.test(found)) continue;
		report.at(path, {code: 'workspace.secret', message: `"${found}" is not how a secret is named`, expected: '${secret:name}'});
	}
}
