/**
 * Offers a whole new picture every turn to a terminal that may not read: node stalled.mjs FILE. FILE holds the turns and the pictures
 * that were sent; nothing else tells that the loop goes on. Needs `npm run build`.
 */
import {writeFileSync} from 'node:fs';
import {FrameWriter} from '../../../dist/source/console/terminal/frame-writer.js';

const [, , file] = process.argv;
const writer = new FrameWriter(process.stdout, {colour: true, framesPerSecond: 1000});
let turn = 0;
const offer = () => {
	turn++;
	writer.write(
		Array.from({length: writer.rows - 1}, (_, row) => `${turn} ${String.fromCharCode(97 + ((turn + row) % 26)).repeat(200)}`).join('\n'),
	);
	writeFileSync(file, `${turn} ${writer.frames}`);
};
setInterval(offer, 5);
