import {readdirSync, readFileSync, readlinkSync} from 'node:fs';

/** Watches the processes that work in a folder and keeps the most memory (VmHWM) of each kind, in MB. Linux alone. */
export function watchMemory(dir) {
	const peaks = {};
	const look = () => {
		for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
			const kind = kindOf(pid, dir);
			if (!kind) continue;
			const peak = peakOf(pid);
			if (peak > (peaks[kind] ?? 0)) peaks[kind] = peak;
		}
	};
	const timer = setInterval(look, 200);
	return () => {
		look();
		clearInterval(timer);
		return peaks;
	};
}

function kindOf(pid, dir) {
	try {
		const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
		if (command.startsWith('bwrap')) return null;
		if (command.includes('sql/worker/main') && command.includes(dir)) return 'sql worker';
		if (command.includes('engine/main') && readlinkSync(`/proc/${pid}/cwd`).startsWith(dir)) return 'runner';
		if (command.includes('daemon run') && command.includes(dir)) return 'daemon';
		return null;
	} catch {
		return null;
	}
}

function peakOf(pid) {
	try {
		return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
	} catch {
		return 0;
	}
}
