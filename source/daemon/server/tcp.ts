import {createHash, timingSafeEqual} from 'node:crypto';
import type {Server} from 'node:http';
import {createAdaptorServer} from '@hono/node-server';
import {Hono} from 'hono';
import {SluiceError} from '../../model/errors.js';
import type {Listen} from '../../workspace/settings.js';

/** The same API over TCP, for those who bring the token of `Authorization: Bearer` (SPEC 16). */
export function guarded(app: Hono, token: string): Hono {
	const expected = digest(token);
	const outer = new Hono();
	outer.use(async ({req}, next) => {
		const given = /^Bearer (.+)$/.exec(req.header('Authorization') ?? '')?.[1] ?? '';
		// why: digests, so that neither the time nor the length says how close a guess came.
		if (timingSafeEqual(digest(given), expected)) return await next();
		const error = new SluiceError('api.unauthorised', 'The token is missing or wrong');
		return new Response(JSON.stringify(error.toJSON()), {
			status: 401,
			headers: {'Content-Type': 'application/json', 'WWW-Authenticate': 'Bearer'},
		});
	});
	outer.route('/', app);
	return outer;
}

function digest(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}

/** @throws whatever keeps the address from being listened on, such as EADDRINUSE */
export async function listenOnTcp(app: Hono, {host, port}: Listen): Promise<Server> {
	const server = createAdaptorServer({fetch: app.fetch}) as Server;
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, resolve);
	});
	return server;
}
