import {SluiceError} from '../model/errors.js';
import {toJson} from '../model/json.js';
import {clockOf} from './clock.js';
import type {Context, ExitCode, Run} from './command.js';
import {textFlag} from './flags.js';
import {gatheringColumns, gatheringOf} from './gathering.js';
import {printList, thousands} from './output.js';
import {notKnown} from './usage.js';

/** `sluice webhook test`: a signed sample request to the running listener, as a caller would send it (SPEC 13); `log`: what was answered; `windows`: what waits. */
export const webhook: Run = async (context) => {
	const [act = '', name] = context.words;
	if (act === 'windows') return await windows(context, name ?? null);
	if (act !== 'test' && act !== 'log') throw notKnown('sluice webhook', act, ['test', 'log', 'windows']);
	if (name === undefined) throw new SluiceError('usage.unknown', `"sluice webhook ${act}" needs the name of a connector`);
	if (act === 'log') return await log(context, name);
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

/** `sluice webhook log`: the last requests of a connector since the daemon started, newest first. */
async function log(context: Context, name: string): Promise<ExitCode> {
	const client = await context.client();
	const clock = await clockOf(context, client);
	const {items} = await client.webhookLog(name);
	printList(
		context,
		items,
		[
			{title: clock.title('at'), of: ({at}) => clock.time(at)},
			{title: 'method', of: ({method}) => method},
			{title: 'answer', of: ({status}) => status, right: true},
			{title: 'bytes', of: ({bytes}) => thousands(bytes), right: true},
			{title: 'client', of: ({client: address}) => address},
			{title: 'why', of: ({why}) => why},
		],
		'No request has come since the daemon started.',
	);
	return 0;
}

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
