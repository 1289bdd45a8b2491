/** A daemon process of its own, whose runners are the small ones: node launch.mjs WORKSPACE. Needs `npm run build`. */
import {fileURLToPath} from 'node:url';
import {lastWords, runDaemon} from '../../dist/source/daemon/main.js';

try {
	await runDaemon({
		workspaceDir: process.argv[2],
		idleExit: false,
		runnerEntry: fileURLToPath(new URL('fake-runner.mjs', import.meta.url)),
	});
} catch (error) {
	process.exitCode = lastWords(error);
}
