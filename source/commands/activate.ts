import {ApiError} from '../api/api-error.js';
import type {Queue, QueueDecision} from '../api/contract.js';
import {SluiceError} from '../model/errors.js';
import {toJson} from '../model/json.js';
import {type Clock, clockOf} from './clock.js';
import type {Context, Run} from './command.js';
import {numberFlag, textsFlag} from './flags.js';
import {printQueue} from './queue.js';

/** `sluice activate`: with a queue that waits and no choice given, prints it and exits 5 (SPEC 10). */
export const activate: Run = async (context) => {
	const name = context.words[0] ?? '';
	const client = await context.client();
	try {
		const connector = await client.activate(name, {decision: decisionOf(context), revision: numberFlag(context.flags, 'revision')});
		context.print(context.json ? toJson(connector) : `${name} is active.`);
		return 0;
	} catch (error) {
		if (!(error instanceof ApiError)) throw error;
		if (error.code === 'activation.refused' && error.refusal.missing && !context.json) return refused(context, name, error.refusal.missing);
		if (!error.refusal.queue) throw error;
		askForDecision(context, name, error.message, error.refusal.queue, await clockOf(context, client));
		return 5;
	}
};

/** Every lack on a line of its own. */
function refused(context: Context, name: string, missing: readonly string[]): 1 {
	context.say(
		`sluice: ${name} cannot be activated. It lacks:`,
		...missing.map((lack) => `  ${lack}`),
		'Add what is listed, then activate again.',
	);
	return 1;
}

function askForDecision(context: Context, name: string, message: string, queue: Queue, clock: Clock): void {
	printQueue(context, queue, clock);
	context.say(
		message,
		`Decide about exactly this list (revision ${queue.revision}):`,
		`  sluice activate ${name} --keep-all`,
		`  sluice activate ${name} --cancel-all`,
		`  sluice activate ${name} --cancel ID...`,
	);
}

function decisionOf({flags, words}: Context): QueueDecision | undefined {
	const cancel = [...textsFlag(flags, 'cancel'), ...words.slice(1)].flatMap((word) => word.split(',')).filter(Boolean);
	const given = [flags['keep-all'], flags['cancel-all'], cancel.length > 0].filter(Boolean).length;
	if (given > 1) throw new SluiceError('usage.unknown', 'Only one of --keep-all, --cancel-all and --cancel can be given');
	if (flags['keep-all']) return {keep: 'all'};
	if (flags['cancel-all']) return {cancel: 'all'};
	return cancel.length > 0 ? {cancel} : undefined;
}
