import {readFileSync, readlinkSync} from 'node:fs';

const always = ['mnt', 'pid', 'ipc', 'uts'];

/** What a process, seen from outside, still shares with this one or may still do; null when it is closed off as a wall must. */
export function openingOf(pid: number, network: boolean): string | null {
	try {
		const shared = [...always, ...(network ? [] : ['net'])].filter((name) => namespaceOf(`${pid}`, name) === namespaceOf('self', name));
		if (shared.length > 0) return `it shares namespaces with its starter: ${shared.join(', ')}`;
		if (sessionOf(`${pid}`) === sessionOf('self')) return 'it can send signals to the process group of its starter';
		const status = new Map(
			readFileSync(`/proc/${pid}/status`, 'utf8')
				.split('\n')
				.map((line) => [line.split(':')[0] ?? '', line.split(':')[1]?.trim() ?? '']),
		);
		const held = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].filter((set) => !/^0+$/.test(status.get(set) ?? ''));
		if (held.length > 0) return `it holds capabilities: ${held.join(', ')}`;
		return status.get('NoNewPrivs') === '1' ? null : 'it may gain rights by starting a program';
	} catch (error) {
		return `it cannot be looked at: ${error instanceof Error ? error.message : String(error)}`;
	}
}

/** Field 6 of /proc/<pid>/stat; the name before it may hold spaces and parentheses. */
function sessionOf(pid: string): string | undefined {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3];
}

function namespaceOf(pid: string, name: string): string {
	return readlinkSync(`/proc/${pid}/ns/${name}`);
}
