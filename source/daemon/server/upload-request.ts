import type {IncomingMessage} from 'node:http';

/** What is known of a request when its head is there. */
export type RequestHead = {readonly method: string | undefined; readonly url: string | undefined; readonly type: string | undefined};

/**
 * Whether the body of a request is a file: `POST /executions` with `application/octet-stream`. No page of a browser can send that type to
 * another place without being asked first, so it is as safe as JSON.
 */
export function isUpload({method, url = '', type = ''}: RequestHead): boolean {
	return method === 'POST' && /^(https?:\/\/[^/]*)?\/executions(\?|$)/i.test(url) && /^application\/octet-stream\s*(;|$)/i.test(type);
}

/** The same of a request as Node hands it over. */
export function isUploadMessage({method, url, headers}: IncomingMessage): boolean {
	return isUpload({method, url, type: headers['content-type']});
}
