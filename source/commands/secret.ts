import {SluiceError} from '../model/errors.js';
import {toJson} from '../model/json.js';
import type {Context, ExitCode, Run} from './command.js';
import {printList} from './output.js';
import {notKnown} from './usage.js';

/** `sluice secret set|list|remove`: the values come from a prompt or from a pipe, never from the command line, and are never shown (SPEC 15). */
export const secret: Run = async (context) => {
	const [act = '', name] = context.words;
	if (act === 'list') return await list(context);
	if (act !== 'set' && act !== 'remove') throw notKnown('sluice secret', act, ['set', 'list', 'remove']);
	if (name === undefined) throw new SluiceError('usage.unknown', `"sluice secret ${act}" needs the name of a secret`);
	return act === 'set' ? await set(context, name) : await remove(context, name);
};

async function list(context: Context): Promise<ExitCode> {
	const {items} = await (await context.client()).secrets();
	printList(
		context,
		items,
		[
			{title: 'secret', of: ({name}) => name},
			{title: 'from', of: ({from}) => from},
			{title: 'state', of: ({name, unreadable}) => (unreadable ? `cannot be opened: sluice secret set ${name}` : '')},
		],
		'No secrets are set.',
	);
	return 0;
}

async function set(context: Context, name: string): Promise<ExitCode> {
	const client = await context.client();
	const {readSecret} = await import('./read-secret.js');
	const value = await readSecret(`Value of ${name} (not shown): `, context.ask, () => context.say(''));
	if (value === '')
		throw new SluiceError('usage.invalid', `A secret cannot be empty`, {cure: `To take it away: sluice secret remove ${name}`});
	const kept = await client.setSecret(name, value);
	context.print(context.json ? toJson(kept) : `The secret ${name} is set.`);
	return 0;
}

async function remove(context: Context, name: string): Promise<ExitCode> {
	const removed = await (await context.client()).removeSecret(name);
	context.print(context.json ? toJson(removed) : `The secret ${name} is removed.`);
	return 0;
}
