import type {IncomingMessage, ServerResponse} from 'node:http';
import type {HttpBindings} from '@hono/node-server';
import {RESPONSE_ALREADY_SENT} from '@hono/node-server/utils/response';
import type {Context, Hono} from 'hono';
import type {z} from 'zod';
import {type Route, type RouteName, routes} from '../../api/openapi/routes.js';
import {SluiceError} from '../../model/errors.js';
import {toJson} from '../../model/json.js';
import type {Actor} from '../control/history.js';
import {readText} from './body.js';
import {isUpload} from './upload-request.js';

type Query<Name extends RouteName> = (typeof routes)[Name] extends {readonly query: infer Schema extends z.ZodType}
	? z.output<Schema>
	: undefined;
type Body<Name extends RouteName> = (typeof routes)[Name] extends {
	readonly body: infer Schema extends z.ZodType;
	readonly upload: infer Upload extends z.ZodType;
}
	? z.output<Schema> | z.output<Upload>
	: (typeof routes)[Name] extends {readonly body: infer Schema extends z.ZodType}
		? z.output<Schema>
		: undefined;

export type Asked<Name extends RouteName> = {
	readonly query: Query<Name>;
	readonly body: Body<Name>;
	/** The file that is the body; null where the body is JSON. `body` then has the values of the query. */
	readonly upload: IncomingMessage | null;
	/** For an answer that is sent as it comes (`sendStream`). */
	readonly outgoing: ServerResponse;
	readonly actor: Actor;
	/** A parameter of the path. */
	path(name: string): string;
	header(name: string): string | undefined;
	/** Aborted when whoever asked does not wait any more. */
	signal(): AbortSignal;
};

/** Serves one route of the contract: its query and body are read through the contract's schemas, its answer goes out as JSON. */
export function serve<Name extends RouteName>(app: Hono, name: Name, answer: (asked: Asked<Name>) => unknown | Promise<unknown>): void {
	const [method = '', path = ''] = name.split(' ');
	const route: Route = routes[name];
	app.on(method, path, async (context) => {
		const {incoming, outgoing} = context.env as HttpBindings;
		const uploaded =
			route.upload && isUpload({method, url: context.req.url, type: context.req.header('Content-Type')}) ? route.upload : null;
		const asked = {
			query: route.query && read(route.query, queryOf(context)),
			body: uploaded ? read(uploaded, queryOf(context)) : route.body && read(route.body, await bodyOf(context)),
			upload: uploaded && incoming,
			outgoing,
			actor: actorOf(context),
			path: (parameter: string) => context.req.param(parameter) ?? '',
			header: (header: string) => context.req.header(header),
			signal: () => context.req.raw.signal,
		} as Asked<Name>;
		const found = await answer(asked);
		// It was made before the adapter put a class of its own in the place of `Response`.
		if (found instanceof Response || found === RESPONSE_ALREADY_SENT) return found as Response;
		return context.body(toJson(found), {status: (route.status ?? 200) as 200, headers: {'Content-Type': 'application/json'}});
	});
}

/** A parameter that comes once is a text, one that is repeated a list. */
function queryOf(context: Context): Record<string, string | string[]> {
	return Object.fromEntries(
		Object.entries(context.req.queries()).map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
	);
}

function read(schema: z.ZodType, value: unknown): unknown {
	const result = schema.safeParse(value);
	if (result.success) return result.data;
	const [issue] = result.error.issues;
	const where = issue?.path.join('.') || undefined;
	throw new SluiceError('usage.invalid', `The request is not right: ${where ? `${where}: ` : ''}${issue?.message ?? 'unknown'}`, {where});
}

async function bodyOf(context: Context): Promise<unknown> {
	const text = await readText(context.req.raw.body);
	if (text === '') return {};
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new SluiceError('usage.invalid', 'The body of the request is not JSON', {cause});
	}
}

/** Who acts: a claim for the history (SPEC 0). Control characters cannot stand in it, nor can it be endless. */
function actorOf(context: Context): Actor {
	const claim = (header: string, otherwise: string): string => {
		const given = context.req.header(header) ?? '';
		const text = decoded(given)
			.replaceAll(/\p{Cc}/gu, '')
			.trim()
			.slice(0, 100);
		return text === '' ? otherwise : text;
	};
	return {who: claim('X-Sluice-User', 'unknown'), from: claim('X-Sluice-From', 'api')};
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
