#!/usr/bin/env node
import {main} from './source/commands/main.js';
import {exitWithoutTerminal} from './source/console/terminal/vanished-terminal.js';

const argv = process.argv.slice(2);

exitWithoutTerminal();

// why: `sluice history | head` closes the pipe early; that is the reader's right, and no error of ours
const isTerminal = process.stdout.isTTY;
process.stdout.on('error', ({code}: NodeJS.ErrnoException) => {
	if (code === 'EPIPE') process.exit(0);
	// A terminal that is gone: its SIGHUP comes later, or is on its way.
	process.exit(code === 'EIO' && isTerminal ? 129 : 1);
});

// why: the daemon is the other wing of the house; commands never import it, so the front door opens it
if (argv[0] === 'daemon' && argv[1] === 'run') {
	const {runDaemonCommand} = await import('./source/daemon/main.js');
	const code = await runDaemonCommand(argv.slice(2));
	// why: what was begun before it failed must not keep this process, and with it the lock
	if (code !== 0) process.exit(code);
} else if (argv[0] === 'daemon' && argv[1] === 'check') {
	const {runCheckCommand} = await import('./source/daemon/main.js');
	process.exitCode = await runCheckCommand(argv.slice(2));
} else if (argv[0] === 'daemon' && argv[1] === 'restore') {
	const {runRestoreCommand} = await import('./source/daemon/main.js');
	process.exitCode = await runRestoreCommand(argv.slice(2));
} else {
	process.exitCode = await main(argv);
}
