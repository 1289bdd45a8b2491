import {Hono} from 'hono';
import {type ErrorBody, SluiceError} from '../../model/errors.js';
import {toJson} from '../../model/json.js';
import {redactedTexts} from '../../text/redaction.js';
import {Refused} from '../refused.js';
import {allSecrets, hiding} from '../secrets/all-secrets.js';
import {redactError} from '../secrets/redact-error.js';
import type {Services} from '../services.js';
import {patienceBytes, tooLarge} from './body.js';
import {serveConnectors} from './connectors.js';
import {type DaemonHooks, serveDaemon} from './daemon.js';
import {errorOf} from './disk-error.js';
import {serveExecutions} from './executions.js';
import {serveRecords} from './records.js';
import {serveSecrets} from './secrets.js';
import {statusOf} from './status-of.js';
import {serveTables} from './tables.js';
import {isUpload} from './upload-request.js';

/** The whole API as one application; every error leaves it as an `ErrorBody`, with what must be looked at beside it (SPEC 16). */
export function application(services: Services, hooks: DaemonHooks): Hono {
	const app = new Hono();
	app.use(async (context, next) => {
		hooks.requested();
		const {method, url} = context.req;
		const bounded = !isUpload({method, url, type: context.req.header('Content-Type')});
		if (bounded && Number(context.req.header('Content-Length') ?? 0) > patienceBytes) throw tooLarge();
		await next();
	});
	app.onError((thrown) => {
		const error = errorOf(thrown, services.paths.state);
		if (error.code === 'internal') services.log.error({err: thrown}, 'a request failed');
		const refusal = thrown instanceof Refused ? thrown.refusal : {};
		return answerError({...cleared(services, error), ...redactedTexts(refusal, hiding(services.vault))}, statusOf(error.code));
	});
	app.notFound(({req}) => {
		const error = new SluiceError('usage.unknown', `There is no ${req.method} ${req.path}`, {expected: 'a route of GET /openapi.json'});
		return answerError(error.toJSON(), 404);
	});
	serveConnectors(app, services);
	serveExecutions(app, services, hooks);
	serveTables(app, services);
	serveRecords(app, services);
	serveSecrets(app, services);
	serveDaemon(app, services, hooks);
	return app;
}

/** why here too: an error may carry what a database or a server said, and they like to repeat what they were sent */
function cleared({vault}: Services, error: SluiceError): ErrorBody {
	const body = error.toJSON();
	// why: a store that cannot be opened has this to say, and nothing of what it holds
	return error.code === 'secret.invalid' ? body : (redactError(body, allSecrets(vault)) ?? body);
}

export function answerError(body: ErrorBody, status: number): Response {
	return new Response(toJson(body), {status, headers: {'Content-Type': 'application/json'}});
}
