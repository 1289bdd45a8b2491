import {z} from 'zod';
import {type Route, routes} from './routes.js';
import {errorShape} from './shapes.js';

type Json = Record<string, unknown>;

/** The OpenAPI document of the API (SPEC 16), made of the same routes and schemas that the daemon serves and reads by. */
export function openApiDocument(version: string): Json {
	const paths: Record<string, Json> = {};
	for (const [name, route] of Object.entries<Route>(routes)) {
		const [method = '', path = ''] = name.split(' ');
		const template = path.replaceAll(/:(\w+)/g, '{$1}');
		paths[template] = {...paths[template], [method.toLowerCase()]: operation(path, route)};
	}
	return {
		openapi: '3.1.0',
		info: {
			title: 'Sluice',
			version,
			description:
				'HTTP/JSON on the Unix socket of a workspace. Requests may say who acts with `X-Sluice-User` (percent-encoded) and through which door with `X-Sluice-From`.',
		},
		paths,
		components: {schemas: {Error: schemaOf(errorShape, 'output')}},
	};
}

function operation(path: string, {summary, query, body, upload, answer, status = 200, refusals = {}}: Route): Json {
	const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
	return {
		summary,
		parameters: [
			...names.map((name) => ({name, in: 'path', required: true, schema: {type: 'string'}})),
			...(query ? queryParameters(query) : []),
			...(upload
				? queryParameters(upload).map((parameter) => ({...parameter, required: false, description: 'With a file as the body'}))
				: []),
		],
		...(body && {
			requestBody: {
				required: true,
				content: {
					'application/json': {schema: schemaOf(body, 'input')},
					...(upload && {'application/octet-stream': {schema: {type: 'string', format: 'binary'}}}),
				},
			},
		}),
		responses: {
			[status]: {description: 'Done', content: content(answer)},
			...Object.fromEntries(Object.entries(refusals).map(([refused, description]) => [refused, {description, content: errorContent}])),
			default: {description: 'An error', content: errorContent},
		},
	};
}

const errorContent = {'application/json': {schema: {$ref: '#/components/schemas/Error'}}};

function content(answer: Route['answer']): Json {
	if (typeof answer === 'string')
		return {[answer]: {schema: {type: 'string', ...(answer.startsWith('application/') && {format: 'binary'})}}};
	return {'application/json': {schema: schemaOf(answer, 'output')}};
}

function queryParameters(query: z.ZodObject): readonly Json[] {
	const {properties = {}, required = []} = schemaOf(query, 'input') as {properties?: Record<string, Json>; required?: readonly string[]};
	return Object.entries(properties).map(([name, schema]) => ({name, in: 'query', required: required.includes(name), schema}));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
	const {$schema: _, ...rest} = z.toJSONSchema(schema, {io, unrepresentable: 'any', target: 'draft-2020-12'}) as Json;
	return rest;
}

/** The document as `docs/reference/openapi.json` holds it. */
export function openApiText(version: string): string {
	return `${JSON.stringify(openApiDocument(version), null, '\t')}\n`;
}
