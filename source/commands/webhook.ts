import {SluiceError} from '../model/errors.js';
import {toJson} from '../model/json.js';
import {clockOf} from './clock.js';
import type {Context, ExitCode, Run} from './command.js';
import {textFlag} from './flags.js';
import {gatheringColumns, gatheringOf} from './gathering.js';
import {printList} from './output.js';
import {notKnown} from './usage.js';

/** `sluice webhook test`: a signed sample request to the running listener, as a caller would send it (SPEC 13); `windows`: what waits. */
export const webhook: Run = async (context) => {
	const [act = '', name] = context.words;
	if (act === 'windows') return await windows(context, name ?? null);
	if (act !== 'test') throw notKnown('sluice webhook', act, ['test', 'windows']);
	if (name === undefined) throw new SluiceError('usage.unknown', '"sluice webhook test" needs the name of a connector');
	const client = await context.client();
	const tested = await client.testWebhook(name, {confirm: textFlag(context.flags, 'confirm')});
	if (context.json) {
		context.print(toJson(tested));
		return 0;
	}
	context.print(`${tested.url} answered 201: accepted as ${tested.id}`);
	context.print(`sent     ${tested.body.length > 200 ? `${tested.body.slice(0, 200)} …` : tested.body}`);
	const clock = await clockOf(context, client);
	context.print(
		`window   ${clock.time(tested.window.start)} to ${clock.time(tested.window.end)} ${clock.timezone}: at its end it becomes an execution of ${name}`,
	);
	return 0;
};

/** `sluice webhook windows`: requests that were answered and are in no execution yet, of all connectors or one. */
async function windows(context: Context, name: string | null): Promise<ExitCode> {
	const client = await context.client();
	const connectors = name === null ? (await client.status()).connectors : [await client.connector(name)];
	printList(
		context,
		gatheringOf(connectors),
		gatheringColumns(await clockOf(context, client)),
		'No webhook waits for the end of its window.',
	);
	return 0;
}
