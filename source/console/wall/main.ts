import {basename} from 'node:path';
import {connect} from '../../api/connect.js';
import {currentUser} from '../../api/identity.js';
import {watchDaemon} from '../live/watch.js';
import {capabilitiesOf} from '../terminal/capabilities.js';
import {createSession} from '../terminal/session.js';
import {themeFor} from '../theme/themes.js';
import {emptyWall, heard, sampled, sampleMs} from './model.js';
import {WallOutput} from './output.js';
import {createWallScreen} from './screen.js';

/**
 * The wallboard on this terminal (SPEC 14), until somebody leaves it: read-only, fed by the daemon's events alone. blessed owns the whole
 * terminal and cannot share a process with Ink, so this process never loads the console.
 *
 * @returns the exit code, once the terminal is given back
 * @throws SluiceError when the daemon can neither be found nor started; the terminal is untouched then
 */
export async function openWall({workspaceDir}: {readonly workspaceDir: string}): Promise<number> {
	const {colour, unicode} = capabilitiesOf(process.env);
	const client = await connect({workspaceDir, identity: {user: currentUser(), from: 'console'}});
	const output = new WallOutput(process.stdout, {colour});
	let leave: () => void = () => undefined;
	const left = new Promise<void>((resolve) => {
		leave = resolve;
	});
	const session = createSession({
		output: process.stdout,
		stopInput() {
			process.stdin.pause();
			process.stdin.setRawMode(false);
		},
		stopOutput: () => output.silence(),
		unmount: () => output.silence(),
	});
	session.enter();
	const screen = createWallScreen({
		input: process.stdin,
		output: output as unknown as NodeJS.WriteStream,
		look: {theme: themeFor(process.env.SLUICE_THEME, process.env), unicode},
		colour,
		workspace: basename(workspaceDir),
	});
	screen.onLeave(leave);
	process.stdin.on('end', () => session.end(129));
	let wall = emptyWall(Date.now());
	let late = false;
	const draw = (): void => {
		late = output.busy;
		if (!late) screen.draw(wall, Date.now());
	};
	process.stdout.on('drain', () => {
		if (late) draw();
	});
	output.on('resize', () => {
		screen.rebuild();
		draw();
	});
	process.on('SIGCONT', () => {
		session.enter();
		// why twice: Node believes the terminal still raw, whatever the shell made of it meanwhile
		process.stdin.setRawMode(false);
		process.stdin.setRawMode(true);
		screen.rebuild();
		draw();
	});
	const watch = watchDaemon(client, workspaceDir, (live, changes) => {
		wall = heard(wall, live, changes);
		draw();
	});
	const clock = setInterval(() => {
		const now = Date.now();
		if (now - wall.sampledAt >= sampleMs) wall = sampled(wall, now);
		if (wall.live.lost || wall.live.active.length > 0 || wall.sampledAt === now) draw();
	}, 1_000);
	draw();
	await left;
	clearInterval(clock);
	watch.close();
	return session.end(0);
}
