import {existsSync} from 'node:fs';
import {join, resolve} from 'node:path';
import type {Client} from '../api/client.js';
import {connect} from '../api/connect.js';
import {SluiceError} from '../model/errors.js';
import type {Execution, ExecutionMode} from '../model/execution.js';
import {toJson} from '../model/json.js';
import {copyDemo} from '../workspace/scaffold.js';
import {clockOf} from './clock.js';
import type {Context, Run} from './command.js';
import {executionText} from './execution-text.js';
import {follow} from './follow.js';
import {programCall, whereToLook} from './where-to-look.js';

/** One run of the demo: what it shows, and how. */
type Act = {readonly title: string; readonly connector: string; readonly mode: ExecutionMode; readonly input: string};

const vendorFile = 'connectors/vendor_products/sample.zip';

const firstWeek: readonly Act[] = [
	{title: 'A dry run of the vendor file: everything but writing', connector: 'vendor_products', mode: 'dry', input: vendorFile},
	{title: 'The same file, live', connector: 'vendor_products', mode: 'live', input: vendorFile},
	{title: 'And live again: what has not changed is left alone', connector: 'vendor_products', mode: 'live', input: vendorFile},
	{title: 'Contacts, without SQL and with a diff check', connector: 'contacts', mode: 'live', input: 'connectors/contacts/contacts.csv'},
];

const nextWeek: Act = {
	title: 'Next week’s file, after one vendor was archived: it delivers again, and comes back',
	connector: 'vendor_products',
	mode: 'live',
	input: 'inputs/next_week.zip',
};

/** The vendor that somebody archives between the two weeks. */
const archivedVendor = '0042';

/**
 * `sluice demo`: a workspace with sample data, run dry and live, and where the results are (SPEC 13). A folder that holds the demo already is
 * used again as it is. Exit 0 also where rows carry warnings: the sample is made to have some.
 */
export const demo: Run = async (context) => {
	const dir = resolve(context.words[0] ?? 'sluice-demo');
	const tell = context.json ? context.say : context.print;
	if (existsSync(join(dir, 'sluice.yaml'))) {
		refuseOther(dir);
		tell(`The demo workspace in ${dir} is there already; it is run again.`);
	} else {
		await copyDemo(dir);
		tell(`A demo workspace in ${dir}`);
	}
	const client = await connect({workspaceDir: dir, start: true});
	await activateAll(client);
	const executions: Execution[] = [];
	for (const act of firstWeek) executions.push(await perform(context, client, dir, act));
	await client.archive('vendors', [archivedVendor]);
	executions.push(await perform(context, client, dir, nextWeek));
	if (context.json) for (const execution of executions) context.print(toJson(execution));
	else context.print(...whereToLook(dir, executions.at(-1), programCall(process.argv[1], process.env.PATH)));
	return executions.some(({status}) => status === 'failed' || status === 'cancelled') ? 1 : 0;
};

/** why: nobody's own connectors are activated and run because a folder was named by mistake */
function refuseOther(dir: string): void {
	const missing = [vendorFile, nextWeek.input].find((path) => !existsSync(join(dir, path)));
	if (missing === undefined) return;
	throw new SluiceError('usage.invalid', `The workspace in ${dir} is not the demo: it has no ${missing}`, {
		where: dir,
		expected: 'a folder without a workspace, or one that holds the demo',
		cure: 'Name another folder: sluice demo DIR',
	});
}

async function activateAll(client: Client): Promise<void> {
	for (const connector of ['vendor_products', 'contacts']) await client.activate(connector);
}

async function perform(context: Context, client: Client, dir: string, {title, connector, mode, input}: Act): Promise<Execution> {
	if (!context.json) context.print('', `== ${title}`);
	const queued = await client.run({
		connector,
		input: join(dir, input),
		mode,
		diff_check: true,
		accept_incomplete: false,
		notify: null,
		confirm: null,
	});
	const execution = await follow(context, client, queued.id, {untilEnd: true});
	if (!context.json) context.print(...executionText(execution, await clockOf(context, client)));
	return execution;
}
