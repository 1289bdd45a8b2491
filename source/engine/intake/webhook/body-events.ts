import {spelledOut} from '../../../text/visible.js';
import {type BodyFault, emptiedNulls, type JsonNode, mayEmptyNulls, parseExactly, writeExactly} from './exact-json.js';
import {formBody} from './form-body.js';
import {multipartBody} from './multipart-body.js';
import {plainObject} from './plain-object.js';

/** A request as its line of the input file has it. */
export type StoredRequest = {readonly body: string; readonly contentType: string};

export type EventFault = {
	readonly kind: BodyFault['kind'] | 'guessed' | 'not held';
	readonly what: string;
	/** Where in the body it is; left out of what concerns the whole of it. */
	readonly path?: string;
};

/**
 * A row of `input.webhooks`: `item` counts from 1; `body` is the JSON text of an object, null where there is none to be held. What the engine
 * makes of a doubtful one is to be compared by `heldFaults`.
 */
export type BodyEvent = {
	readonly item: number;
	readonly body: string | null;
	readonly faults: readonly EventFault[];
	readonly isDoubtful?: boolean;
};

/**
 * The events of a request (SPEC 25).
 *
 * @param events what of a body is a row: `value`, `array`, `lines`, or the path of an array
 */
export function eventsOf({body, contentType}: StoredRequest, events: string): readonly BodyEvent[] {
	const text = body.trim();
	if (text === '') return [{item: 1, body: null, faults: []}];
	const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
	if (type === 'application/x-www-form-urlencoded') {
		const {node, guessed} = formBody(text);
		const faults = guessed.map(
			(name): EventFault => ({kind: 'guessed', what: `the bytes of the field ${shown(name)} are not UTF-8; they are read as Windows-1252`}),
		);
		return rowsOf(node, events, faults);
	}
	if (type === 'multipart/form-data') {
		const node = multipartBody(body, contentType);
		return node === null ? [notHeld(1, 'the multipart body is cut off or has no boundary')] : rowsOf(node, events, []);
	}
	if (events !== 'lines') return parsedRows(text, events);
	const lines = text.split('\n').filter((line) => line.trim() !== '');
	return lines.map((line, index) => {
		const [row] = parsedRows(line.trim(), 'value');
		const item = index + 1;
		if (!row) return notHeld(item, 'it is no object');
		return row.body === null && row.faults.length === 0 ? notHeld(item, 'it is no object') : {...row, item};
	});
}

function parsedRows(text: string, events: string): readonly BodyEvent[] {
	// What is neither an object nor a list is text, which `webhooks_raw` has.
	if (!text.startsWith('{') && !text.startsWith('[')) {
		return [events === 'value' ? {item: 1, body: null, faults: []} : notHeld(1, 'it is neither an object nor a list')];
	}
	try {
		const plain = events === 'value' ? plainObject(text) : null;
		if (plain !== null) return [{item: 1, body: plain, faults: []}];
		const {node, faults} = parseExactly(text);
		return rowsOf(node, events, faults.map(faultOf));
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
		return [notHeld(1, `it is no valid JSON: ${spelledOut(error.message)}`)];
	}
}

/** What concerns one event is on its row, what concerns the whole request on its first row. */
function rowsOf(node: JsonNode, events: string, faults: readonly EventFault[]): readonly BodyEvent[] {
	if (events === 'value' || events === 'lines') {
		if (Array.isArray(node)) return [{...notHeld(1, 'it is a list, and events: array is not set'), item: 1}];
		return [eventOf(node, 1, faults)];
	}
	const found = events === 'array' ? node : memberAt(node, events);
	if (found === undefined || found === null || typeof found === 'string') {
		return [notHeld(1, `it has no list at ${shown(events)}`)];
	}
	const items = found instanceof Map ? [found] : (found as readonly JsonNode[]);
	const byItem = new Map<number, EventFault[]>();
	for (const fault of faults) {
		const item = itemOf(fault.path, events === 'array' ? '' : events, items.length);
		const others = byItem.get(item);
		if (others) others.push(fault);
		else byItem.set(item, [fault]);
	}
	return items.map((item, index) => eventOf(item, index + 1, byItem.get(index + 1) ?? []));
}

/** Which of the elements of the list at `list` a path leads to; the first one where it leads to none. */
function itemOf(path: string | undefined, list: string, items: number): number {
	if (!path?.startsWith(`${list}[`)) return 1;
	const item = Number.parseInt(path.slice(list.length + 1), 10);
	return item >= 1 && item <= items ? item : 1;
}

function eventOf(node: JsonNode, item: number, before: readonly EventFault[]): BodyEvent {
	if (!(node instanceof Map)) return {item, body: null, faults: [...before, ...notHeld(item, 'it is no object').faults]};
	const {text, faults} = writeExactly(node);
	return {item, body: text, faults: [...before, ...faults.map(faultOf)], isDoubtful: mayEmptyNulls(node)};
}

/** A member by its path. A key that has dots itself is found by its whole name. */
function memberAt(node: JsonNode, path: string): JsonNode | undefined {
	if (!(node instanceof Map)) return undefined;
	const whole: JsonNode | undefined = node.get(path);
	if (whole !== undefined) return whole;
	for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
		const inner = node.get(path.slice(0, dot));
		const found = inner === undefined ? undefined : memberAt(inner, path.slice(dot + 1));
		if (found !== undefined) return found;
	}
	return undefined;
}

function notHeld(item: number, reason: string): BodyEvent {
	return {item, body: null, faults: [{kind: 'not held', what: `the body is NULL in input.webhooks: ${reason}`}]};
}

function faultOf({kind, path}: BodyFault): EventFault {
	return {kind, path, what: `${shown(path)} ${faultTexts[kind]}`};
}

const faultTexts: Readonly<Record<BodyFault['kind'], string>> = {
	repeated: 'comes more than once; its last value counts',
	halved: 'has half of a surrogate pair, which is no character; it is read as U+FFFD',
	emptied: 'is null in a list of lists; it is read as empty',
};

/** What the engine changed of a body that was written as `body`. */
export function heldFaults(body: string, held: string): readonly EventFault[] {
	return emptiedNulls(parseExactly(body).node, parseExactly(held).node).map(faultOf);
}

function shown(path: string): string {
	return spelledOut(JSON.stringify(path));
}
