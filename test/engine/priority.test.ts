import {execFileSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';

const built = fileURLToPath(new URL('../../dist/source/platform/niceness.js', import.meta.url));

/** The niceness that a process ends with, which is started at one and asks for another; as a user who may not raise a priority. */
function niceness(startedAt: number, asked: number): number {
	const script = `
		const {lowerPriorityTo} = await import(${JSON.stringify(built)});
		if (process.getuid() === 0) process.setuid(65534);
		lowerPriorityTo(${asked});
		console.log((await import('node:os')).getPriority());`;
	return Number(execFileSync('nice', ['-n', String(startedAt), process.execPath, '--input-type=module', '-e', script], {encoding: 'utf8'}));
}

test.each([
	{startedAt: 0, asked: 10, becomes: 10},
	{startedAt: 11, asked: 10, becomes: 11},
	{startedAt: 15, asked: 10, becomes: 15},
	{startedAt: 15, asked: 25, becomes: 19},
	{startedAt: 19, asked: 29, becomes: 19},
])('a process started at nice $startedAt that asks for $asked runs at $becomes', ({startedAt, asked, becomes}) => {
	expect(niceness(startedAt, asked)).toBe(becomes);
});
