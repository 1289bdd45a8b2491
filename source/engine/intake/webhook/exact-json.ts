import {checkJson} from '../json/check-json.js';
import {plainNumber} from '../plain-number.js';

/** A JSON value that is taken apart: the text of a scalar as it is written, a list, or the members of an object by their key. */
export type JsonNode = string | readonly JsonNode[] | ReadonlyMap<string, JsonNode>;

/** What a body could not keep as it was sent. `path` is where: keys with dots between, elements of lists in brackets, counted from 1. */
export type BodyFault = {readonly kind: 'repeated' | 'halved' | 'emptied'; readonly path: string};

type Path = readonly (string | number)[];

/** Up to here a text is parsed as a whole to be checked, which is faster than to look at each character. */
export const shortCharacters = 64 * 1024;
/** The engine reads no deeper. */
const mostDepth = 1000;
const scalarEnd = /[,\]}\s]/g;
const escapedHalf = /\\u[dD][89a-fA-F]/;
/** With `u`, two halves that belong together are no surrogates. */
const half = /\p{Surrogate}/gu;
const integer = /^(?:0|-?[1-9]\d*)$/;
const [smallestInteger, largestInteger] = [-(2n ** 63n), 2n ** 64n - 1n];

/**
 * Takes a JSON text apart with each value as it was sent. A number that the engine holds as an integer is a number; any other is the text of
 * its digits, so that none is rounded. Of a key that comes twice the last value counts. Half of a surrogate pair becomes U+FFFD.
 *
 * @throws SyntaxError for what is no valid JSON, or is nested too deep
 */
export function parseExactly(text: string): {readonly node: JsonNode; readonly faults: readonly BodyFault[]} {
	if (text.length > shortCharacters) checkJson(text);
	else JSON.parse(text);
	// From here on the text is known to be valid, so that looking for the next quote, comma or brace is enough.
	const faults: BodyFault[] = [];
	const path: (string | number)[] = [];
	let at = 0;
	const skip = () => {
		while (text.charCodeAt(at) <= 0x20) at++;
	};
	const node = value();
	return {node, faults};

	function value(): JsonNode {
		skip();
		if (path.length > mostDepth) throw new SyntaxError(`it is nested more than ${mostDepth} deep`);
		switch (text[at]) {
			case '{':
				return object();
			case '[':
				return list();
			case '"':
				return wellFormed(stringToken());
			default:
				return scalar();
		}
	}

	function object(): JsonNode {
		const members = new Map<string, JsonNode>();
		at++;
		for (skip(); text[at] !== '}'; skip()) {
			if (text[at] === ',') at++;
			skip();
			const token = stringToken();
			path.push(token.slice(1, -1));
			const key = JSON.parse(wellFormed(token)) as string;
			path[path.length - 1] = key;
			skip();
			at++;
			if (members.delete(key)) faults.push({kind: 'repeated', path: pathText(path)});
			members.set(key, value());
			path.pop();
		}
		at++;
		return members;
	}

	function list(): JsonNode {
		const elements: JsonNode[] = [];
		at++;
		for (skip(); text[at] !== ']'; skip()) {
			if (text[at] === ',') at++;
			path.push(elements.length + 1);
			elements.push(value());
			path.pop();
		}
		at++;
		return elements;
	}

	function stringToken(): string {
		const start = at;
		for (at++; text[at] !== '"'; at++) if (text[at] === '\\') at++;
		return text.slice(start, ++at);
	}

	function wellFormed(token: string): string {
		if (!escapedHalf.test(token)) return token;
		const content = JSON.parse(token) as string;
		if (content.search(half) < 0) return token;
		faults.push({kind: 'halved', path: pathText(path)});
		return JSON.stringify(content.replace(half, '\uFFFD'));
	}

	function scalar(): string {
		scalarEnd.lastIndex = at;
		const end = scalarEnd.exec(text)?.index ?? text.length;
		const token = text.slice(at, end);
		at = end;
		return token === 'true' || token === 'false' || token === 'null' ? token : numberText(token);
	}
}

/** A number in the form in which the engine keeps each of its digits. */
export function numberText(token: string): string {
	const plain = plainNumber(token) ?? token;
	return integer.test(plain) && (plain.length <= 18 || isHeld(BigInt(plain))) ? plain : `"${plain}"`;
}

function isHeld(value: bigint): boolean {
	return value >= smallestInteger && value <= largestInteger;
}

/**
 * A value as JSON text for the engine. To the engine the key `a.b` is the member `b` of `a`: where both are there, the last value counts.
 */
export function writeExactly(node: JsonNode): {readonly text: string; readonly faults: readonly BodyFault[]} {
	const faults: BodyFault[] = [];
	return {text: write(node, []), faults};

	function write(value: JsonNode, path: Path): string {
		if (typeof value === 'string') return value;
		if (!(value instanceof Map))
			return `[${(value as readonly JsonNode[]).map((element, index) => write(element, [...path, index + 1])).join(',')}]`;
		const repeated = (name: string) => faults.push({kind: 'repeated', path: pathText([...path, name])});
		const members = hasDots(value) ? flattened(value, repeated) : value;
		const parts: string[] = [];
		for (const [key, member] of members) parts.push(`${JSON.stringify(key)}:${write(member, [...path, key])}`);
		return `{${parts.join(',')}}`;
	}
}

/** The values of an object by the path that the engine gives them; of two with one path the last one. */
function flattened(
	object: ReadonlyMap<string, JsonNode>,
	onRepeated: (name: string) => void = () => undefined,
): ReadonlyMap<string, JsonNode> {
	const leaves = new Map<string, JsonNode>();
	const add = (members: ReadonlyMap<string, JsonNode>, before: string) => {
		for (const [key, member] of members) {
			const name = `${before}${key}`;
			if (member instanceof Map) {
				add(member, `${name}.`);
				continue;
			}
			if (leaves.delete(name)) onRepeated(name);
			leaves.set(name, member);
		}
	};
	add(object, '');
	return leaves;
}

/** Whether a key of an object, or of the objects in it, has a dot. Those in lists are objects of their own. */
function hasDots(object: ReadonlyMap<string, JsonNode>): boolean {
	for (const [key, member] of object) if (key.includes('.') || (member instanceof Map && hasDots(member))) return true;
	return false;
}

function pathText(path: Path): string {
	return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

/** Whether the engine may hold a null of this value as an empty list or object: it does in a list of lists. */
export function mayEmptyNulls(node: JsonNode, inList = false): boolean {
	if (typeof node === 'string') return inList && node === 'null';
	if (node instanceof Map) return [...node.values()].some((member) => mayEmptyNulls(member));
	return (node as readonly JsonNode[]).some((element) => mayEmptyNulls(element, true));
}

/** Where a value as it was written has a null and the engine something else. */
export function emptiedNulls(written: JsonNode, held: JsonNode | undefined, path: Path = []): readonly BodyFault[] {
	if (written === 'null') return held !== 'null' && held !== undefined ? [{kind: 'emptied', path: pathText(path)}] : [];
	if (typeof written === 'string' || typeof held === 'string' || held === undefined) return [];
	if (Array.isArray(written)) {
		const elements = Array.isArray(held) ? (held as readonly JsonNode[]) : [];
		return (written as readonly JsonNode[]).flatMap((element, index) => emptiedNulls(element, elements[index], [...path, index + 1]));
	}
	if (!(written instanceof Map) || !(held instanceof Map)) return [];
	const leaves = flattened(held);
	return [...flattened(written)].flatMap(([name, member]) => emptiedNulls(member, leaves.get(name), [...path, name]));
}
