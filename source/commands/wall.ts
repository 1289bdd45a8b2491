import {whyNoConsole} from '../console/terminal/capabilities.js';
import type {ExitCode, Run} from './command.js';
import {status} from './status.js';

/** `sluice wall`: the wallboard on a terminal; elsewhere `sluice status`, with a hint. */
export const wall: Run = async (context) => {
	const why = context.json
		? '--json was asked for'
		: whyNoConsole(process.env, {input: process.stdin.isTTY === true, output: process.stdout.isTTY === true});
	if (why !== null) {
		context.say(`sluice: no wallboard here (${why}); this is \`sluice status\`. On a terminal \`sluice wall\` fills the screen`);
		return status(context);
	}
	const {openWall} = await import('../console/wall/main.js');
	return (await openWall({workspaceDir: context.workspace()})) as ExitCode;
};
