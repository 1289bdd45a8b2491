import type {JsonNode} from './exact-json.js';
import {FormObject} from './form-body.js';

/**
 * A multipart body as an object: a field as text, a file as `{filename, type, size}`. Intake leaves out the content of a binary file and
 * writes its size as `Content-Length`.
 *
 * @returns null for what is no multipart body of this boundary
 */
export function multipartBody(text: string, contentType: string): JsonNode | null {
	const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
	const boundary = quoted ?? bare;
	if (boundary === undefined) return null;
	const [, ...pieces] = `\r\n${text}`.split(`\r\n--${boundary}`);
	const form = new FormObject();
	for (const piece of pieces) {
		if (piece.startsWith('--')) return form.node;
		// A part without headers has its blank line at once.
		const blank = piece.indexOf('\r\n\r\n');
		if (blank < 0) continue;
		const headers = headersOf(piece.slice(0, blank));
		const content = piece.slice(blank + 4);
		const disposition = headers.get('content-disposition') ?? '';
		const filename = parameter(disposition, 'filename');
		form.add(parameter(disposition, 'name') ?? '', filename === null ? scalar(content) : file(filename, headers, content));
	}
	// Without the closing boundary the body was cut off.
	return null;
}

function file(filename: string, headers: ReadonlyMap<string, string>, content: string): JsonNode {
	const declared = headers.get('content-length') ?? '';
	const size = content === '' && /^\d{1,15}$/.test(declared) ? String(Number(declared)) : String(Buffer.byteLength(content));
	return new Map<string, JsonNode>([
		['filename', scalar(filename)],
		['type', scalar(headers.get('content-type') ?? 'text/plain')],
		['size', size],
	]);
}

function scalar(text: string): string {
	return JSON.stringify(text);
}

function headersOf(head: string): ReadonlyMap<string, string> {
	const lines = head.split('\r\n').filter((line) => line.includes(':'));
	return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).trim().toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
}

/** A parameter of `Content-Disposition`. Browsers write a quote in a name as `%22`, others with a backslash. */
function parameter(disposition: string, name: string): string | null {
	const extended = new RegExp(`;\\s*${name}\\*=utf-8'[^']*'([^;\\s]+)`, 'i').exec(disposition)?.[1];
	if (extended !== undefined) return percentDecoded(extended);
	const [, quoted, bare] = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]*))`, 'i').exec(disposition) ?? [];
	return (
		quoted
			?.replace(/\\(["\\])/g, '$1')
			.replaceAll('%22', '"')
			.replaceAll('%0D%0A', '\r\n') ??
		bare ??
		null
	);
}

function percentDecoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
