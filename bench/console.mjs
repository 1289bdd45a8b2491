/**
 * What the console costs on 120 x 40: bytes and CPU of a frame in which one cell changes, and what an idle one sends and burns. Prints
 * figures; the promises stand in DESIGN 6. Needs `npm run build`.
 */
import {performance} from 'node:perf_hooks';

process.env.NODE_ENV = 'production';
delete process.env.CI;
const {EventEmitter} = await import('node:events');
const {render} = await import('ink');
const {createElement} = await import('react');
const {FrameWriter} = await import('../dist/source/console/terminal/frame-writer.js');
const {Table} = await import('../dist/source/console/components/table.js');
const {Easel} = await import('../dist/source/console/terminal/line-placeholders.js');
const {HolderContext} = await import('../dist/source/console/components/painted.js');

const columns = Array.from({length: 8}, (_, index) => ({
	key: `c${index}`,
	title: `COLUMN ${index}`,
	width: 12,
	cell: (row) => String(row[index]),
}));
const terminal = Object.assign(new EventEmitter(), {columns: 120, rows: 40, write: (_text, done) => setImmediate(done)});
const placeholders = new Easel();
const writer = new FrameWriter(terminal, {colour: true}, placeholders);
const million = 1_000_000;
const drawn = (turn) =>
	createElement(
		HolderContext.Provider,
		{value: placeholders},
		createElement(Table, {
			columns,
			total: million,
			rowAt: (index) => Array.from({length: 8}, (_, column) => (index === 500_010 && column === 3 ? turn : index * 8 + column)),
			cursor: 500_020,
			top: 500_000,
			width: 120,
			height: 39,
		}),
	);
const ink = render(drawn(10_000), {stdout: writer, debug: true, patchConsole: false});
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
await pause(500);
const first = {bytes: writer.bytes, frames: writer.frames, cpu: process.cpuUsage()};
const turns = 50;
const began = performance.now();
for (let turn = 1; turn <= turns; turn++) {
	ink.rerender(drawn(10_000 + turn));
	await pause(100);
}
const cpu = process.cpuUsage(first.cpu);
const frames = writer.frames - first.frames;
const idle = {bytes: writer.bytes, cpu: process.cpuUsage()};
await pause(3_000);
const idleCpu = process.cpuUsage(idle.cpu);
ink.unmount();
writer.close();
console.log(`one changing cell, table of ${million.toLocaleString('en-GB')} rows, 120x40`);
console.log(`  bytes a frame     ${((idle.bytes - first.bytes) / frames).toFixed(0)}   (must: 60)`);
console.log(`  CPU a frame       ${((cpu.user + cpu.system) / 1000 / frames).toFixed(1)} ms   (must: 15)`);
console.log(`  frames a second   ${(frames / ((performance.now() - began - 3_000) / 1000)).toFixed(1)}   (at most 10)`);
console.log(`idle for 3 s: ${writer.bytes - idle.bytes} bytes, ${((idleCpu.user + idleCpu.system) / 1000).toFixed(1)} ms CPU`);
