import {createRequire} from 'node:module';

/** The version of this program. */
export function version(): string {
	const require = createRequire(import.meta.url);
	// why: the same depth in source/ and dist/source/, where package.json is one folder further up
	const found = ['../../package.json', '../../../package.json'].flatMap((path) => {
		try {
			return [require(path) as {name?: string; version: string}];
		} catch {
			return [];
		}
	});
	return found.find(({name}) => name === 'sluice')?.version ?? 'unknown';
}

/** What to say of a daemon of another version, which may lack what this command asks for; null for one of the same. */
export function otherVersion(daemon: string | null, own = version()): string | null {
	if (daemon === null || daemon === own) return null;
	const isNewer = compareVersions(daemon, own) > 0;
	const cure = isNewer ? 'use the command of that version' : 'restart it with `sluice daemon stop`; the next command starts the new one';
	return `the daemon of this workspace has version ${daemon}, this command ${own}: ${cure}`;
}

function compareVersions(a: string, b: string): number {
	return a.localeCompare(b, 'en', {numeric: true});
}
