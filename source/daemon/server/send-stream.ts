import type {ServerResponse} from 'node:http';
import {pipeline} from 'node:stream/promises';
import {RESPONSE_ALREADY_SENT} from '@hono/node-server/utils/response';
import type {Log} from '../log.js';

export type Streamed = {
	readonly type: string;
	readonly sizeBytes?: number;
	/** The name it is saved under, where the client has none of its own. */
	readonly name: string;
	readonly parts: AsyncIterable<Uint8Array>;
	/** Called at the end, also where nothing was asked of `parts`. */
	close(): Promise<void>;
};

/**
 * Sends bytes as they come, no faster than the client takes them. Where they end too early the connection is destroyed, so that no client
 * takes a part for the whole.
 */
export async function sendStream(outgoing: ServerResponse, {type, sizeBytes, name, parts, close}: Streamed, log: Log): Promise<Response> {
	const headers = {
		'Content-Type': type,
		'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
		...(sizeBytes !== undefined && {'Content-Length': String(sizeBytes)}),
	};
	try {
		if (outgoing.req.method === 'HEAD') return new Response(null, {headers});
		outgoing.writeHead(200, headers);
		await pipeline(parts, outgoing);
	} catch (error) {
		const gone = ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '');
		log[gone ? 'info' : 'error']({err: error, name}, 'a file was not sent whole');
	} finally {
		await close();
	}
	return RESPONSE_ALREADY_SENT;
}
