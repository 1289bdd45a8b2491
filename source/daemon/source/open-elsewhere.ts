import {readdir, readFile, readlink} from 'node:fs/promises';
import {join} from 'node:path';

/** `O_ACCMODE`: the bits of a descriptor's flags that say whether it may write. */
const accessMode = 0o3;

/**
 * Which of these files a process has open for writing, as far as this user may see (Linux; elsewhere none is seen). `proc` is where
 * processes are listed.
 */
export async function openForWriting(paths: readonly string[], proc = '/proc'): Promise<ReadonlySet<string>> {
	const wanted = new Set(paths);
	const open = new Set<string>();
	if (wanted.size === 0) return open;
	for (const pid of await names(proc)) {
		if (!/^\d+$/.test(pid)) continue;
		const folder = join(proc, pid, 'fd');
		for (const descriptor of await names(folder)) {
			const path = await readlink(join(folder, descriptor)).catch(() => '');
			if (wanted.has(path) && (await mayWrite(join(proc, pid, 'fdinfo', descriptor)))) open.add(path);
		}
	}
	return open;
}

async function names(folder: string): Promise<readonly string[]> {
	// why: processes of others, and those that end meanwhile, show nothing.
	return await readdir(folder).catch(() => []);
}

async function mayWrite(descriptorFile: string): Promise<boolean> {
	const [, flags = '0'] = /^flags:\s*([0-7]+)/m.exec(await readFile(descriptorFile, 'utf8').catch(() => '')) ?? [];
	return (Number.parseInt(flags, 8) & accessMode) !== 0;
}
