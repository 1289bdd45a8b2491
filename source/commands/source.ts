import type {SourceTest} from '../api/contract.js';
import {SluiceError} from '../model/errors.js';
import {toJson} from '../model/json.js';
import {momentText} from '../model/moment.js';
import {own} from '../model/own.js';
import {type Clock, clockOf} from './clock.js';
import type {Run} from './command.js';
import {alignedTable, thousands} from './output.js';
import {notKnown} from './usage.js';

/** `sluice source test`: tries a connector's source, and shows its first rows and its next runs. Nothing is taken (SPEC 13). `cancel` ends what runs. */
export const source: Run = async (context) => {
	const [act = '', connector] = context.words;
	if (act !== 'test' && act !== 'cancel') throw notKnown('sluice source', act, ['test', 'cancel']);
	if (connector === undefined) throw new SluiceError('usage.unknown', `"sluice source ${act}" needs the name of a connector`);
	if (act === 'cancel') {
		const cancelled = await (await context.client()).cancelSource(connector);
		context.print(context.json ? toJson(cancelled) : `The look at the source of ${connector} was cancelled. Nothing was taken.`);
		return 0;
	}
	const client = await context.client();
	const answer = await client.testSource(connector);
	context.print(...(context.json ? [toJson(answer)] : sourceText(answer, await clockOf(context, client))));
	return 0;
};

function sourceText(tested: SourceTest, clock: Clock): readonly string[] {
	const {connector, kind, source: from, found, freshness, columns, rows, next_runs: nextRuns} = tested;
	const lines = [`${connector}  ${kind}  ${from}`];
	if (found.length > 0) {
		lines.push(
			'',
			...alignedTable(found, [
				{title: 'file', of: ({name}) => name},
				{title: 'bytes', of: ({bytes}) => thousands(bytes), right: true},
				{title: clock.title('modified'), of: ({modified_at}) => clock.time(modified_at)},
				{title: 'state', of: ({state}) => state},
			]),
		);
	}
	lines.push('', `freshness  ${freshnessText(freshness, clock)}`, '');
	lines.push(
		...(rows.length === 0
			? [`no rows; columns: ${columns.join(', ')}`]
			: alignedTable(
					rows,
					columns.map((column) => ({title: column, of: (row) => own(row, column)})),
				)),
		'',
	);
	if (nextRuns.length === 0) lines.push('next runs  none: it has no schedule of its own');
	else lines.push(...nextRuns.map((at, index) => `${index === 0 ? 'next runs' : '         '}  ${momentText(at, clock.timezone)}`));
	return lines;
}

function freshnessText({by, changed, since}: SourceTest['freshness'], {timezone}: Clock): string {
	const last = since === null ? 'never taken' : `last taken ${momentText(since, timezone)}`;
	const standing = changed === null ? 'every look counts as a change' : changed ? 'changed' : 'not changed';
	return `${by ?? 'none'}: ${standing}, ${last}`;
}
