import type {Delivery} from '../api/contract.js';
import {toJson} from '../model/json.js';
import {type Clock, clockOf} from './clock.js';
import type {Run} from './command.js';
import {textFlag} from './flags.js';
import {printList, shown} from './output.js';

/** `sluice deliveries`: mails and webhooks with their attempts; `--redeliver` sends one again. */
export const deliveries: Run = async (context) => {
	const client = await context.client();
	const again = textFlag(context.flags, 'redeliver');
	if (again !== undefined) {
		const delivery = await client.redeliver(again);
		context.print(context.json ? toJson(delivery) : `${delivery.id} will be sent again to ${delivery.to}.`);
		return 0;
	}
	const [{items}, clock] = await Promise.all([client.deliveries({find: textFlag(context.flags, 'find')}), clockOf(context, client)]);
	printList(
		context,
		items,
		[
			{title: 'delivery', of: ({id}) => id},
			{title: 'kind', of: ({kind}) => kind},
			{title: 'to', of: ({to}) => shown(to)},
			{title: 'state', of: ({state}) => state},
			{title: 'attempts', of: ({attempts}) => attempts, right: true},
			{title: 'last error', of: ({last_error}) => shown(last_error)},
			{title: clock.title('next attempt'), of: ({next_attempt_at}) => clock.time(next_attempt_at)},
		],
		'Nothing has been sent.',
	);
	if (!context.json) for (const {id, tried = []} of items) if (tried.length > 1) context.print(...attemptsText(id, tried, clock));
	return 0;
};

function attemptsText(id: string, tried: NonNullable<Delivery['tried']>, clock: Clock): readonly string[] {
	return ['', id, ...tried.map(({at, error}) => `  ${clock.time(at)}  ${error ?? 'arrived'}`)];
}
