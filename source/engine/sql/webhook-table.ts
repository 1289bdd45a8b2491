import {itemNotesTable, keptTable, rowNotesTable, writtenOnce} from '../../model/sql-text.js';
import type {IntakeWarning} from '../intake/page.js';
import {RowWarnings} from '../intake/row-warnings.js';
import {type EventFault, eventsOf, heldFaults} from '../intake/webhook/body-events.js';
import type {SqlWorker} from './worker-session.js';

export type WebhookReading = {
	/** What the warnings call the input. */
	readonly name: string;
	/** Whether the input has the column `headers`. */
	readonly hasHeaders: boolean;
	/** What of a body is a row: `value`, `array`, `lines`, or the path of an array. */
	readonly events: string;
	readonly onWarning: (warning: IntakeWarning) => void;
};

/** Bodies that are read and taken apart at once, together. */
const bytesAtOnce = 8_000_000;

/**
 * Settings under which the engine holds a body as it is written: text is never read as a date, and true never as 1. Numbers that it would
 * round come as text.
 */
const exactJson = [
	'input_format_try_infer_dates = 0',
	'input_format_try_infer_datetimes = 0',
	'input_format_json_try_infer_numbers_from_strings = 0',
	'input_format_json_read_bools_as_numbers = 0',
	'input_format_json_read_bools_as_strings = 0',
	'input_format_json_read_numbers_as_strings = 0',
].join(', ');

const staged = 'run.`webhooks:staged`';

/** The warnings about bodies by their event: what their rows are to say. There only when there are any. */
const bodyNotes = keptTable('webhooks:notes');
const notesAtOnce = 10_000;

/** Makes `input.webhooks` of `input.webhooks_raw` (SPEC 5.1, 25): a row an event, with the time and the body typed. */
export async function addWebhooks(worker: SqlWorker, reading: WebhookReading): Promise<void> {
	const warnings = new BodyWarnings(reading.name, worker);
	await worker.execute(
		`CREATE TABLE ${staged} (_line UInt64, _item UInt32, body Nullable(String), is_doubtful Bool) ${writtenOnce('_line')}`,
	);
	await stage(worker, reading, warnings);
	await worker.execute(
		`CREATE TABLE input.webhooks (
			timestamp Nullable(DateTime64(3)), employee_id Nullable(String), querystring Nullable(String), body Nullable(JSON),
			_line UInt64 MATERIALIZED 0, _item UInt32 MATERIALIZED 1
		) ENGINE = MergeTree ORDER BY (_line, _item)`,
	);
	await worker.execute(
		`INSERT INTO input.webhooks (timestamp, employee_id, querystring, body, _line, _item)
		SELECT
			parseDateTime64BestEffortOrNull(raw.timestamp, 3, 'UTC'), raw.employee_id, raw.querystring,
			accurateCastOrNull(staged.body, 'JSON'), staged._line, staged._item
		FROM ${staged} AS staged
		ANY LEFT JOIN (SELECT _line, timestamp, employee_id, querystring FROM input.webhooks_raw) AS raw ON raw._line = staged._line
		ORDER BY staged._line, staged._item
		SETTINGS ${exactJson}`,
	);
	const lost = await worker.rows<{line: string; item: number}>(
		`SELECT _line AS line, _item AS item FROM ${staged}
		WHERE body IS NOT NULL AND (_line, _item) IN (SELECT _line, _item FROM input.webhooks WHERE body IS NULL)
		ORDER BY line, item`,
	);
	for (const {line, item} of lost) {
		warnings.add(Number(line), Number(item), {kind: 'not held', what: 'the body is NULL in input.webhooks: the engine cannot hold it'});
	}
	await compareDoubtful(worker, warnings);
	await worker.execute(`DROP TABLE ${staged} SYNC`);
	await warnings.flush();
	warnings.tell(reading.onWarning);
}

/** A row that is of a whole request names so many of its warnings, and says how many more there are. */
const mostNotes = 10;

/**
 * Keeps the warnings that stand on rows, as `` run.`intake:notes` `` by line and `` run.`intake:item_notes` `` by line and item.
 *
 * @param pageNotes yields `line` and `notes` of the lines that intake has warnings for; null where there are none
 */
export async function keepBodyNotes(worker: SqlWorker, pageNotes: string | null): Promise<void> {
	const hasBodies = (await worker.rows<{name: string}>('SHOW TABLES FROM run')).some(({name}) => bodyNotes === keptTable(name));
	const all = [
		...(hasBodies ? [`SELECT line, item, warning FROM ${bodyNotes}`] : []),
		...(pageNotes === null
			? []
			: [
					`SELECT events._line AS line, events._item AS item, page.warning AS warning
					FROM (SELECT _line, _item FROM input.webhooks) AS events
					JOIN (SELECT line, arrayJoin(notes) AS warning FROM (${pageNotes})) AS page ON page.line = events._line`,
				]),
	].join(' UNION ALL ');
	if (all === '') return;
	await worker.execute(
		`CREATE TABLE ${keptTable(itemNotesTable)} ${writtenOnce('line')} AS
		SELECT line, item, groupArray(warning) AS notes FROM (${all}) GROUP BY line, item`,
	);
	await worker.execute(
		`CREATE TABLE ${keptTable(rowNotesTable)} ${writtenOnce('line')} AS
		SELECT line, if(count() > ${mostNotes},
			arrayPushBack(groupArray(${mostNotes})(warning), concat(toString(count() - ${mostNotes}), ' more warnings of the same request')),
			groupArray(${mostNotes})(warning)) AS notes
		FROM (SELECT DISTINCT line, item, warning FROM (${all}) ORDER BY line, item) GROUP BY line`,
	);
	if (hasBodies) await worker.execute(`DROP TABLE ${bodyNotes} SYNC`);
}

/** Looks at what the engine holds of the bodies that it may have changed. */
async function compareDoubtful(worker: SqlWorker, warnings: BodyWarnings): Promise<void> {
	const select = `SELECT staged._line, staged._item, assumeNotNull(staged.body), toJSONString(held.body)
		FROM ${staged} AS staged JOIN input.webhooks AS held ON held._line = staged._line AND held._item = staged._item
		WHERE staged.is_doubtful AND held.body IS NOT NULL
		ORDER BY staged._line, staged._item`;
	for await (const [lines = [], items = [], bodies = [], held = []] of worker.blocks(select)) {
		for (const [index, line] of lines.entries()) {
			for (const fault of heldFaults(String(bodies[index]), String(held[index]))) warnings.add(Number(line), Number(items[index]), fault);
		}
		await warnings.flush(notesAtOnce);
	}
}

/** Writes the events of all bodies into the staged table. */
async function stage(worker: SqlWorker, {hasHeaders, events}: WebhookReading, warnings: BodyWarnings): Promise<void> {
	const headers = hasHeaders ? 'headers' : 'NULL::Nullable(String)';
	const ranges = await worker.rows<{first: string; last: string}>(
		`SELECT min(_line) AS first, max(_line) AS last
		FROM (SELECT _line, sum(length(ifNull(body, '')) + 100) OVER (ORDER BY _line) AS bytes FROM input.webhooks_raw)
		GROUP BY intDiv(bytes, ${bytesAtOnce}) ORDER BY first`,
	);
	for (const {first, last} of ranges) {
		const [lines, items, bodies, doubts]: [string[], number[], (string | null)[], boolean[]] = [[], [], [], []];
		const select = `SELECT _line, ifNull(body, ''), ${headers} FROM input.webhooks_raw WHERE _line BETWEEN ${first} AND ${last} ORDER BY _line`;
		for await (const [lineCells = [], bodyCells = [], headerCells = []] of worker.blocks(select)) {
			for (const [index, line] of lineCells.entries()) {
				const request = {body: String(bodyCells[index]), contentType: contentType(headerCells[index])};
				for (const event of eventsOf(request, events)) {
					lines.push(String(line));
					items.push(event.item);
					bodies.push(event.body);
					doubts.push(event.isDoubtful ?? false);
					for (const fault of event.faults) warnings.add(Number(line), event.item, fault);
				}
			}
		}
		await worker.insert(staged, ['_line', '_item', 'body', 'is_doubtful'], [lines, items, bodies, doubts]);
		await warnings.flush(notesAtOnce);
	}
}

/** The content type in the JSON text of a request's headers; nothing where there is none, or the file was edited. */
function contentType(headers: unknown): string {
	if (typeof headers !== 'string' || headers === '') return '';
	try {
		const all: unknown = JSON.parse(headers);
		const type: unknown = typeof all === 'object' && all !== null ? Reflect.get(all, 'content-type') : null;
		return typeof type === 'string' ? type : '';
	} catch {
		return '';
	}
}

/** The warnings about bodies: of the run by their kind, the first hundred of each by line; and all of them for their rows. */
class BodyWarnings {
	private readonly kinds: Readonly<Record<EventFault['kind'], RowWarnings>>;

	private notes: [string[], number[], string[]] = [[], [], []];
	private hasTable = false;

	constructor(
		private readonly name: string,
		private readonly worker: SqlWorker,
	) {
		this.kinds = {
			'not held': new RowWarnings(`of ${name} have a body that is NULL in input.webhooks`),
			repeated: new RowWarnings(`of ${name} have a key more than once`),
			halved: new RowWarnings(`of ${name} have half of a character`),
			emptied: new RowWarnings(`of ${name} have a null in a list of lists`),
			guessed: new RowWarnings(`of ${name} have a form that is not UTF-8`),
		};
	}

	add(line: number, item: number, {kind, what}: EventFault): void {
		const warning = `${this.name}, line ${line}${item > 1 ? `, item ${item}` : ''}: ${what}`;
		this.kinds[kind].add(line, warning);
		const [lines, items, warnings] = this.notes;
		lines.push(String(line));
		items.push(item);
		warnings.push(warning);
	}

	/** Writes what waits for its rows, once there are so many. */
	async flush(atLeast = 1): Promise<void> {
		if (this.notes[0].length < atLeast) return;
		if (!this.hasTable) {
			await this.worker.execute(`CREATE TABLE ${bodyNotes} (line UInt64, item UInt32, warning String) ${writtenOnce('line')}`);
		}
		this.hasTable = true;
		await this.worker.insert(bodyNotes, ['line', 'item', 'warning'], this.notes);
		this.notes = [[], [], []];
	}

	tell(onWarning: (warning: IntakeWarning) => void): void {
		for (const kind of Object.values(this.kinds)) kind.tell(onWarning);
	}
}
