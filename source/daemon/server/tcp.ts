import type {Server} from 'node:http';
import {Hono} from 'hono';
import {SluiceError} from '../../model/errors.js';
import type {Listen, WorkspaceSettings} from '../../workspace/settings.js';
import type {Log} from '../log.js';
import {bearerToken, digest, isSecret} from '../secrets/bearer.js';
import {setText} from '../secrets/set-text.js';
import {answerError} from './app.js';
import {boundedServer} from './bounded-server.js';
import {refuseBrowsers} from './browsers.js';
import {statusOf} from './status-of.js';
import {isUploadMessage} from './upload-request.js';

type Gate = {
	/** The token as it is set now; null: the door is shut. */
	token(): string | null;
	/** Names that the API may be called by. */
	hosts(): readonly string[];
};

const headersMs = 10_000;
const requestMs = 30_000;

/** The same API over TCP, for those who bring the token of `Authorization: Bearer` (SPEC 16), and not for browsers. */
export function guarded(app: Hono, {token, hosts}: Gate): Hono {
	const outer = new Hono();
	outer.use(async ({req}, next) => {
		const header = (name: string): string | undefined => req.header(name);
		refuseBrowsers({method: req.method, url: req.url, header}, hosts());
		const secret = setText(token());
		if (secret === null) throw new SluiceError('api.closed', 'The API over TCP is shut: the secret of its token is not set');
		if (!isSecret(bearerToken(header('Authorization')), secret)) {
			throw new SluiceError('api.unauthorised', 'The token is missing or wrong');
		}
		await next();
	});
	outer.onError((thrown) => {
		if (!(thrown instanceof SluiceError)) throw thrown;
		return answerError(thrown.toJSON(), statusOf(thrown.code));
	});
	outer.route('/', app);
	return outer;
}

type ApiListenerDependencies = {
	readonly app: Hono;
	readonly log: Log;
	settings(): WorkspaceSettings['api'];
	secret(name: string): string | null;
	mostConnections(): number;
};

/** The API over TCP: open while `api` is configured and the secret of its token is set. */
export class ApiListener {
	readonly #needs: ApiListenerDependencies;
	#server: Server | null = null;
	#address = '';
	#problem: string | null = null;
	/** The digest of the token that the open connections have proved. */
	#proof: Buffer | null = null;
	#following: Promise<void> = Promise.resolve();
	#closing = false;

	constructor(needs: ApiListenerDependencies) {
		this.#needs = needs;
	}

	/** What keeps it shut although it is configured, as a sentence; null when nothing does. */
	get problem(): string | null {
		return this.#problem;
	}

	/** Makes the listener what the configuration and the secret say now. */
	follow(): Promise<void> {
		this.#following = this.#following.then(() => this.#follow());
		return this.#following;
	}

	/** Takes no more connections; what is being answered goes on. */
	close(): Promise<void> {
		this.#closing = true;
		return this.follow();
	}

	async #follow(): Promise<void> {
		const {settings, log} = this.#needs;
		if (this.#closing) {
			this.#server?.close();
			return;
		}
		const api = settings();
		this.#problem = api && this.#tokenProblem(api.token);
		const address = api && this.#problem === null ? `${api.listen.host}:${api.listen.port}` : '';
		const proof = api && this.#problem === null ? digest(this.#needs.secret(api.token) ?? '') : null;
		const server = this.#server;
		if (address !== this.#address) server?.close();
		// What was proved with another token ends, event streams too; first the answer to the request that changed it goes out.
		if (this.#proof !== null && (proof === null || !proof.equals(this.#proof))) setImmediate(() => server?.closeAllConnections());
		this.#proof = proof;
		if (address === this.#address) return;
		this.#server = null;
		this.#address = '';
		if (this.#problem !== null) log.error({token: api?.token}, this.#problem);
		if (!api || address === '') return;
		try {
			this.#server = await this.#open(api.listen);
			this.#address = address;
		} catch (error) {
			log.error({err: error, address}, 'the API over TCP cannot be opened');
			this.#problem = `The API over TCP cannot be opened: ${(error as Error).message}`;
		}
	}

	#tokenProblem(token: string): string | null {
		try {
			if (setText(this.#needs.secret(token)) !== null) return null;
			return `The API over TCP stays shut: the secret of its token, "${token}", is not set (sluice secret set ${token})`;
		} catch (error) {
			return `The API over TCP stays shut: the secret of its token cannot be read: ${(error as Error).message}`;
		}
	}

	async #open(listen: Listen): Promise<Server> {
		const {app, settings, secret, mostConnections} = this.#needs;
		const gate = {
			token: () => {
				const api = settings();
				return api && secret(api.token);
			},
			hosts: () => [settings()?.listen.host ?? '', ...(settings()?.hosts ?? [])],
		};
		const server = boundedServer(guarded(app, gate).fetch, {mostConnections, headersMs, requestMs, isUpload: isUploadMessage});
		await new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			server.listen(listen.port, listen.host, resolve);
		});
		return server;
	}

	/** Ends the connections that are still open. */
	end(): void {
		this.#server?.closeAllConnections();
	}
}
