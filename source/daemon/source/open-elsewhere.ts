import type {BigIntStats} from 'node:fs';
import {readdir, readFile, readlink, stat} from 'node:fs/promises';
import {basename, join} from 'node:path';
import type {SourceFile} from './source-files.js';

/** `O_ACCMODE`: the bits of a descriptor's flags that say whether it may write. */
const accessMode = 0o3;

/**
 * The paths of those of these files that a process has open for writing, as far as this user may see (Linux; elsewhere none is seen). A file
 * is known by itself: the process may have opened it under another path, through a link or in a container. `proc` is where processes are
 * listed.
 */
export async function openForWriting(
	files: readonly Pick<SourceFile, 'path' | 'name' | 'identity'>[],
	proc = '/proc',
): Promise<ReadonlySet<string>> {
	const open = new Set<string>();
	if (files.length === 0) return open;
	const names = new Set(files.map(({name}) => name));
	for (const pid of await entries(proc)) {
		if (!/^\d+$/.test(pid)) continue;
		const folder = join(proc, pid, 'fd');
		for (const descriptor of await entries(folder)) {
			const link = join(folder, descriptor);
			// The name first: to ask what lies behind every descriptor would wait for a server that is away.
			if (!names.has(basename(await readlink(link).catch(() => '')))) continue;
			if (!(await mayWrite(join(proc, pid, 'fdinfo', descriptor)))) continue;
			const found = await stat(link, {bigint: true}).catch(() => null);
			for (const file of files) if (found && isFile(found, file)) open.add(file.path);
		}
	}
	return open;
}

function isFile({dev, ino}: BigIntStats, {identity}: Pick<SourceFile, 'identity'>): boolean {
	return dev === identity.device && ino === identity.inode;
}

async function entries(folder: string): Promise<readonly string[]> {
	// why: processes of others, and those that end meanwhile, show nothing.
	return await readdir(folder).catch(() => []);
}

async function mayWrite(descriptorFile: string): Promise<boolean> {
	const [, flags = '0'] = /^flags:\s*([0-7]+)/m.exec(await readFile(descriptorFile, 'utf8').catch(() => '')) ?? [];
	return (Number.parseInt(flags, 8) & accessMode) !== 0;
}
