import {isAbsolute, normalize} from 'node:path';
import {z} from 'zod';

/** Its place in the archive. */
export const manifestName = '.sluice/backup.json';
export const backupFormat = 1;

/** What a backup says of itself. */
export const manifestShape = z.object({
	format: z.number(),
	/** When the databases and the files of executions were as the backup holds them. */
	made_at: z.string(),
	/** The version of Sluice that made it. */
	program: z.string(),
	/** The folder that the workspace was in. */
	workspace: z.string(),
	/** How many files it holds, this one left out. */
	files: z.number(),
	/** Links among the tables of executions, and where they lead: relative, and within the same tables. */
	links: z.array(z.object({path: z.string(), target: z.string()})),
});

export type Manifest = z.infer<typeof manifestShape>;

/** Configuration, and samples wherever they lie in the workspace. */
const configuration = /^[^.]/;
const state =
	/^\.sluice\/(control\.db|sluice\.db|state\.json|secrets\.json|workspace-id|sluice\.last-valid\.yaml|backup\.json|(executions\/[0-9a-f-]{36}|samples)\/.+)$/;

/** Whether a name may stand in a backup: a relative path without tricks, to a place that a workspace has. */
export function isBackupPath(name: string): boolean {
	if (name.includes('\\') || name.includes('\0') || isAbsolute(name) || normalize(name) !== name) return false;
	const file = name.replace(/\/$/, '');
	return !file.split('/').some((part) => part === '..' || part === '.' || part === '') && (configuration.test(file) || state.test(file));
}

/** Whether a link may be made: only among the tables of one execution, so that it leads to nothing outside of them. */
export function isTableLink({path, target}: Manifest['links'][number]): boolean {
	const tables = /^(\.sluice\/executions\/[0-9a-f-]{36}\/chdb\/).+$/.exec(path)?.[1];
	if (tables === undefined || !isBackupPath(path) || target === '' || isAbsolute(target) || target.includes('\0')) return false;
	return normalize(`${path.slice(0, path.lastIndexOf('/') + 1)}${target}`).startsWith(tables);
}
