/*
 * A process that does nothing but say, when asked, how many milliseconds it came too late since it was last asked: what the machine itself
 * costs everybody, whatever they do.
 */
import {monitorEventLoopDelay} from 'node:perf_hooks';

const resolution = 10;
const delays = monitorEventLoopDelay({resolution});
delays.enable();
process.on('message', () => {
	process.send(Math.max(0, delays.max / 1e6 - resolution));
	delays.reset();
});
