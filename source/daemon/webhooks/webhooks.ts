import type {Server, ServerResponse} from 'node:http';
import type {ListenerState, WebhookRequest} from '../../api/contract.js';
import {SluiceError, toSluiceError} from '../../model/errors.js';
import type {Problem} from '../../model/problem.js';
import type {Listen} from '../../workspace/settings.js';
import type {Configuration} from '../configuration/configuration.js';
import type {Control} from '../control/control.js';
import type {StoredExecution} from '../control/stored-execution.js';
import type {Log} from '../log.js';
import type {Metrics} from '../metrics.js';
import {networkOf} from '../outgoing/network.js';
import {sendOutside} from '../outgoing/request.js';
import type {Paths} from '../paths.js';
import type {Vault} from '../secrets/vault.js';
import {BodiesInFlight} from './bodies-in-flight.js';
import {Closing} from './closing.js';
import type {Visit} from './handshake/sns.js';
import {Intake} from './intake.js';
import {KeyClock} from './key-clock.js';
import {type Answered, type Door, hooks, openDoor, type Room} from './listener.js';
import {keyProblems, webhookProblems} from './problems.js';
import {PublicKeys} from './proof/public-keys.js';
import {queueWindow} from './queue-window.js';
import {RequestLog} from './request-log.js';

type WebhooksDependencies = {
	readonly control: Control;
	readonly configuration: Configuration;
	readonly paths: Paths;
	readonly log: Log;
	readonly vault: Vault;
	readonly metrics: Metrics;
	/** The port, where it was opened before everything else. */
	readonly door: Door | null;
	/** How many connections the listener may hold. */
	readonly room: Room;
	/** Visits an address outside. @returns the status of the answer */
	readonly visit: Visit;
	/** Writes a warning into the log of an execution. */
	note(execution: string, message: string): void;
	/** Hears of an execution that a window has become. */
	queued(execution: StoredExecution): void;
	/** Hears that a connector's open windows hold more than before; at most once a second. */
	gathered(connector: string): void;
};

const againAfterMs = 3_000;
/** A request waits for the keys it is checked with no longer than its sender waits for the answer. */
const keysTimeoutMs = 5_000;
const largestKeysBytes = 256 * 1024;
/** What was accepted when the port was closed comes to its request within so many looks. */
const silentLooksAtEnd = 15;
const lookMs = 20;
/** A burst that is still being answered when the port closes is answered, within this time. */
const closingMs = 15_000;
/** A thousand requests a second change what is shown once. */
const tellAfterMs = 1_000;

/** The intake of webhooks: the listener, as `http.listen` says, and the windows its requests are gathered in (SPEC 4). */
export class Webhooks {
	readonly #needs: WebhooksDependencies;
	readonly #intake: Intake;
	readonly #closing: Closing;
	readonly #keys: PublicKeys;
	readonly #bodies = new BodiesInFlight();
	readonly #log = new RequestLog();
	#server: Server | null = null;
	/** What the listener was last opened, or tried to be opened, at. */
	#address = '';
	#failure: SluiceError | null = null;
	#following: Promise<void> = Promise.resolve();
	#retry: NodeJS.Timeout | null = null;
	#ended = false;
	/** Requests that are being answered. */
	#working = 0;
	/** When the last of them was answered. */
	#answeredAt = 0;
	#door: Door | null;
	readonly #toTell = new Map<string, NodeJS.Timeout>();

	constructor(needs: WebhooksDependencies) {
		const {control, configuration, paths, log} = needs;
		this.#needs = needs;
		this.#door = needs.door;
		const keyClock = new KeyClock(control);
		this.#keys = new PublicKeys(async (url) => {
			const {settings} = configuration.workspace;
			return await sendOutside({
				url,
				method: 'GET',
				headers: {Accept: '*/*', 'User-Agent': 'sluice'},
				allowHosts: settings.httpAllowHosts,
				network: networkOf(settings, needs.vault),
				timeoutMs: keysTimeoutMs,
				largestAnswerBytes: largestKeysBytes,
			});
		});
		this.#closing = new Closing({
			control,
			keyClock,
			paths,
			log,
			connector(name) {
				const connector = configuration.find(name)?.connector ?? null;
				return connector?.webhook ? connector : null;
			},
			queue: (window) => queueWindow(control, window),
			queued: (execution, notes) => {
				for (const note of notes) needs.note(execution.id, note);
				needs.queued(execution);
			},
		});
		this.#intake = new Intake({
			control,
			keyClock,
			log,
			maxInputBytes: () => configuration.workspace.settings.limits.maxInputBytes,
			kept: (endMs, connectors) => {
				this.#closing.expect(endMs);
				for (const connector of connectors) this.#tell(connector);
			},
		});
	}

	/** Opens the listener where there is to be one, and goes on with windows that are over. */
	async start(): Promise<void> {
		this.#closing.start();
		await this.follow();
		this.#door?.server.close();
		this.#door = null;
	}

	/** Whether windows still have to be closed. */
	get waiting(): boolean {
		return this.#closing.waiting;
	}

	get state(): ListenerState {
		const {http} = this.#needs.configuration.workspace.settings;
		return {listen: http && written(http.listen), open: this.#server !== null, error: this.#failure?.message ?? null};
	}

	/** Where requests are taken in. @throws SluiceError `webhook.listener_off`, `webhook.listener_failed` */
	get address(): Listen {
		const {http} = this.#needs.configuration.workspace.settings;
		if (!http) throw new SluiceError('webhook.listener_off', 'Webhooks are not taken in: sluice.yaml has no http.listen');
		if (this.#server) return http.listen;
		throw this.#failure ?? new SluiceError('webhook.listener_failed', `${written(http.listen)} is not open yet`);
	}

	/** What keeps requests of a connector out; nothing is told while the listener is meant to be off. */
	problems(name: string): readonly Problem[] {
		const {configuration, vault} = this.#needs;
		const entry = configuration.find(name);
		if (!entry) return [];
		const noKey = this.keyProblems(name);
		if (!configuration.workspace.settings.http || noKey.some(({code}) => code === 'secret.invalid')) return noKey;
		return [...noKey, ...webhookProblems(entry, (secret) => vault.readIfOpen(secret) !== null, configuration.workspace.settings.publicUrl)];
	}

	/** Secrets of a connector that hold no key, or a store that cannot be read: they keep it from being activated. */
	keyProblems(name: string): readonly Problem[] {
		const {configuration, vault} = this.#needs;
		const entry = configuration.find(name);
		if (!entry) return [];
		try {
			return keyProblems(entry, (secret) => vault.read(secret));
		} catch (thrown) {
			const {code, message, cure} = toSluiceError(thrown);
			return [{...entry.authPlace, code, message, expected: cure ?? null}];
		}
	}

	/** The last requests of a connector, newest first. */
	log(connector: string): readonly WebhookRequest[] {
		return this.#log.of(connector);
	}

	/** Makes the listener what the configuration says now. */
	follow(): Promise<void> {
		this.#closing.look();
		this.#following = this.#following.then(() => this.#follow());
		return this.#following;
	}

	/** Closes no more windows; requests are still taken in. */
	async rest(): Promise<void> {
		await this.#closing.stop();
	}

	async stop(): Promise<void> {
		this.#ended = true;
		for (const timer of this.#toTell.values()) clearTimeout(timer);
		await this.follow();
		await this.#closing.stop();
	}

	#tell(connector: string): void {
		if (this.#ended || this.#toTell.has(connector)) return;
		const tell = (): void => {
			this.#toTell.delete(connector);
			this.#needs.gathered(connector);
		};
		this.#toTell.set(connector, setTimeout(tell, tellAfterMs).unref());
	}

	async #follow(): Promise<void> {
		const {configuration, vault, metrics, log} = this.#needs;
		const {http} = configuration.workspace.settings;
		const address = http && !this.#ended ? written(http.listen) : '';
		if (address === this.#address && (this.#server !== null || address === '')) return;
		if (this.#retry) clearTimeout(this.#retry);
		this.#retry = null;
		if (address !== this.#address) await this.#close();
		this.#address = address;
		this.#failure = null;
		if (!http || address === '') return;
		const receiver = {
			intake: this.#intake,
			bodies: this.#bodies,
			visit: this.#needs.visit,
			find: (name: string) => configuration.find(name),
			secret: (name: string) => vault.readIfOpen(name),
			publicUrl: () => configuration.workspace.settings.publicUrl,
			keys: this.#keys,
		};
		const answered: Answered = {
			answered: (connector, request) => {
				metrics.webhookAnswered(connector, request.status);
				if (connector !== null) this.#log.add(connector, request);
			},
			unforeseen: (error) => log.error({err: error}, 'a webhook request failed'),
		};
		const publicPath = (): string => pathOf(configuration.workspace.settings.publicUrl);
		const app = hooks(receiver, answered, publicPath);
		try {
			const {room} = this.#needs;
			const door = this.#doorAt(address) ?? (await openDoor(http.listen, room.mostWaiting()));
			door.serve(app, room);
			this.#server = door.server;
			this.#server.on('request', (_, response: ServerResponse) => {
				this.#working++;
				response.once('close', () => {
					this.#working--;
					this.#answeredAt = performance.now();
				});
			});
			log.info({address}, 'webhooks are taken in');
		} catch (cause) {
			const why = cause instanceof Error ? cause.message : String(cause);
			this.#failure = new SluiceError('webhook.listener_failed', `Webhooks are not taken in: ${why}`, {where: address, cause});
			log.error({err: cause, address}, 'webhooks cannot be taken in');
			this.#retry = setTimeout(() => void this.follow(), againAfterMs);
		}
	}

	/** The port that was opened before everything else, where it is still the right one. */
	#doorAt(address: string): Door | null {
		const door = this.#door;
		this.#door = null;
		if (!door || written(door.listen) === address) return door;
		door.server.close();
		door.server.closeAllConnections();
		return null;
	}

	/** Lets the requests that are being read come to their answers, and closes the port. A silent connection is not waited for. */
	async #close(): Promise<void> {
		const server = this.#server;
		if (!server) return;
		this.#server = null;
		const closed = new Promise<void>((resolve) => server.close(() => resolve()));
		let silentLooks = 0;
		this.#answeredAt = performance.now();
		const lastOnes = setInterval(() => {
			server.closeIdleConnections();
			silentLooks = this.#working === 0 ? silentLooks + 1 : 0;
			if (silentLooks > silentLooksAtEnd || performance.now() - this.#answeredAt > againAfterMs) server.closeAllConnections();
		}, lookMs);
		const atLast = setTimeout(() => server.closeAllConnections(), closingMs);
		await closed;
		clearInterval(lastOnes);
		clearTimeout(atLast);
		this.#needs.log.info({address: this.#address}, 'webhooks are not taken in any more');
	}
}

function written({host, port}: Listen): string {
	return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The path of the public address; empty where it has none. */
function pathOf(publicUrl: string | null): string {
	return publicUrl !== null && URL.canParse(publicUrl) ? new URL(publicUrl).pathname : '';
}
