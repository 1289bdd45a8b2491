import {readdirSync, readFileSync, readlinkSync} from 'node:fs';

const ticksASecond = 100;

/**
 * Watches the processes that work in a folder: the most memory (VmHWM) of each kind, in MB, and the processor seconds of runner and sql worker
 * together, which say more than the clock on a machine that others use too. Linux alone.
 */
export function watchProcesses(dir) {
	const peaks = {};
	const cpus = new Map();
	const look = () => {
		for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
			const kind = kindOf(pid, dir);
			if (!kind) continue;
			const peak = peakOf(pid);
			if (peak > (peaks[kind] ?? 0)) peaks[kind] = peak;
			if (kind !== 'daemon') cpus.set(pid, Math.max(cpus.get(pid) ?? 0, cpuOf(pid)));
		}
	};
	const timer = setInterval(look, 100);
	return () => {
		look();
		clearInterval(timer);
		return {peaks, cpu: [...cpus.values()].reduce((sum, one) => sum + one, 0)};
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

function cpuOf(pid) {
	try {
		const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13);
		return (Number(user) + Number(system)) / ticksASecond;
	} catch {
		return 0;
	}
}
