import {readFileSync} from 'node:fs';
import {isOnNetworkShare} from '../source/network-share.js';

/** The file system that a folder is on: its kind and where it is mounted, such as `ext4 (/home)`; null where the system does not say. */
export async function fileSystemOf(folder: string): Promise<string | null> {
	const found = mountOf(folder, mountTable());
	if (found === null) return null;
	const share = await isOnNetworkShare(folder);
	return `${found.kind} (${found.at})${share ? ', which other machines may write: locks and syncs may not hold there' : ''}`;
}

type Mount = {readonly kind: string; readonly at: string};

/**
 * The mount that a folder lies on: the last of those whose point is nearest above it.
 *
 * @param table as `/proc/self/mountinfo` has it (proc(5))
 */
export function mountOf(folder: string, table: string): Mount | null {
	let nearest: Mount | null = null;
	for (const line of table.split('\n')) {
		const [front = '', behind = ''] = line.split(' - ', 2);
		const at = front.split(' ')[4]?.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
		const [kind] = behind.split(' ');
		if (!at || !kind || !(at === '/' || folder === at || folder.startsWith(`${at}/`))) continue;
		if (nearest === null || at.length >= nearest.at.length) nearest = {kind, at};
	}
	return nearest;
}

function mountTable(): string {
	try {
		return readFileSync('/proc/self/mountinfo', 'utf8');
	} catch {
		// Linux alone has it.
		return '';
	}
}
