/**
 * A small program on the console's terminal services: node draw.mjs WAY PIDFILE. Draws "drawn" and then ends, or is ended, the way it is told.
 * Needs `npm run build`.
 */
import {writeFileSync} from 'node:fs';

process.env.NODE_ENV = 'production';
delete process.env.CI;
const {render, Text} = await import('ink');
const {createElement, useEffect} = await import('react');
const {FrameWriter} = await import('../../../dist/source/console/terminal/frame-writer.js');
const {KeyFilter} = await import('../../../dist/source/console/terminal/key-filter.js');
const {createSession} = await import('../../../dist/source/console/terminal/session.js');

const [, , way, pidFile] = process.argv;
writeFileSync(pidFile, String(process.pid));
const writer = new FrameWriter(process.stdout, {colour: true});
let ink;
const keys = new KeyFilter(process.stdin, {
	onKey: (key) => {
		if (key.name === 'ctrl-c') session.end(0);
		if (key.name === 'x') failing?.();
	},
	onHangUp: () => session.end(129),
});
const session = createSession({
	output: process.stdout,
	stopInput: () => keys.shut(),
	stopOutput: () => {
		const half = writer.busy;
		writer.pause();
		return half;
	},
	unmount: () => ink?.unmount(),
});

const ways = {
	unmount: () => session.end(0),
	'throw-in-timer': () =>
		setTimeout(() => {
			throw new Error('thrown in a timer');
		}),
	'rejected-promise': () => Promise.reject(new Error('nobody caught this')),
	'process-exit': () => process.exit(3),
};
const failing = ways[way];

function Drawn() {
	useEffect(() => {
		if (way === 'throw-in-render') throw new Error('thrown while drawing');
	});
	return createElement(Text, null, 'drawn');
}

session.enter();
keys.open();
ink = render(createElement(Drawn), {stdout: writer, stdin: keys, debug: true, patchConsole: false, exitOnCtrlC: false});
ink.waitUntilExit().catch(session.die);
setInterval(() => undefined, 60_000);
