import type {Client} from '../../api/client.js';
import {listening} from '../../api/connect.js';
import type {SluiceEvent} from '../../api/contract.js';
import {listen} from '../../api/events.js';
import {otherVersion} from '../../api/version.js';
import {toSluiceError} from '../../model/errors.js';
import type {Execution} from '../../model/execution.js';
import type {Changes, Live} from './live.js';
import {nothingYet} from './live.js';
import {gather, isActive, merged, nothingGathered, renewed, rowsBetween, sampled} from './merge.js';

export type Watch = {
	/** Asks the daemon for everything again. */
	refresh(): void;
	/** Ends it. */
	close(): void;
};

type Listener = (live: Live, changes: Changes) => void;

const pictureMs = 100;
const statusMs = 1_000;
const sampleMs = 2_000;
/** The daemon gives a sign of life twice a second; one that is silent for longer hangs, though its socket stands. */
const silenceMs = 1_600;

/** Events after which the status is what it was. */
const changesNoStatus: ReadonlySet<SluiceEvent['type']> = new Set(['log', 'deliveries', 'history', 'records']);

/**
 * Keeps a picture of what the daemon says, outside React: at most ten a second, however much happens. When the daemon is gone the last
 * picture stays and says since when it is not true; it comes back by itself (SPEC 14).
 */
export function watchDaemon(client: Client, workspaceDir: string, listener: Listener): Watch {
	const ended = new AbortController();
	let live: Live = nothingYet;
	let gathered = nothingGathered();
	let timer: NodeJS.Timeout | undefined;
	let statusTimer: NodeJS.Timeout | undefined;
	let toldAt = 0;
	let rows = 0;
	let sampledAt = Date.now();
	let silent = false;
	/** When the daemon gave its last sign of life. */
	let aliveAt = 0;

	const tell = (): void => {
		clearTimeout(timer);
		timer = undefined;
		toldAt = Date.now();
		const changes = gathered;
		gathered = nothingGathered();
		for (const execution of changes.executions.values()) {
			rows += rowsBetween(
				[...live.active, ...live.recent].find(({id}) => id === execution.id),
				execution,
			);
		}
		if (live.lost === null) live = merged(live, changes, toldAt);
		sample(toldAt);
		listener(live, changes);
	};
	const sample = (now: number): void => {
		if (now - sampledAt < sampleMs) return;
		live = {...live, rowRate: sampled(live.rowRate, rows, now - sampledAt)};
		rows = 0;
		sampledAt = now;
	};
	const soon = (): void => {
		timer ??= setTimeout(tell, Math.max(0, toldAt + pictureMs - Date.now()));
	};
	const statusSoon = (waitMs: number): void => {
		// why: what needs someone is made by the daemon from everything it knows, and no event carries it.
		statusTimer ??= setTimeout(() => {
			statusTimer = undefined;
			void ask();
		}, waitMs);
	};
	const ask = async (): Promise<void> => {
		try {
			const [status, executions] = await Promise.all([client.status(), executionsOf(client)]);
			if (ended.signal.aborted) return;
			live = {...renewed(live, status, executions, Date.now()), otherVersion: otherVersion(status.daemon.version)};
			soon();
		} catch (error) {
			lose(toSluiceError(error).message);
		}
	};
	const askObjects = async (): Promise<void> => {
		try {
			const {items} = await client.objects();
			live = {...live, objects: items.map(({api_name: name}) => name)};
			soon();
		} catch {
			// why nothing: a daemon that does not answer is noticed by the stream; until then names are taken as they are typed.
		}
	};
	const lose = (message: string): void => {
		if (ended.signal.aborted) return;
		const {since, tries} = live.lost ?? {since: Date.now(), tries: 0};
		const heardAt = live.heardAt === null ? null : Math.max(live.heardAt, aliveAt);
		live = {...live, heardAt, lost: {since, message, tries: tries + 1}};
		soon();
	};
	const silence = setTimeout(() => {
		silent = true;
		lose('The daemon does not answer, though its socket is there');
	}, silenceMs);
	const alive = (): void => {
		silence.refresh();
		aliveAt = Date.now();
		if (!silent) return;
		silent = false;
		gathered.again = true;
		void ask();
	};
	const run = async (): Promise<void> => {
		const socketOf = async () => (await listening(workspaceDir)) ?? client.socket;
		for await (const heard of listen(socketOf, client.identity, {signal: ended.signal, alive})) {
			if (heard.heard === 'lost') lose(heard.error.message);
			else if (heard.heard === 'connected') {
				gathered.again = true;
				await ask();
				void askObjects();
			} else {
				gather(gathered, heard.event);
				if (heard.event.type === 'problems') void askObjects();
				if (!changesNoStatus.has(heard.event.type)) statusSoon(statusMs);
				soon();
			}
		}
	};
	void run();
	return {
		refresh() {
			gathered.again = true;
			statusSoon(0);
		},
		close() {
			ended.abort();
			clearTimeout(timer);
			clearTimeout(statusTimer);
			clearTimeout(silence);
		},
	};
}

/** The newest executions, all that run, and, where a long queue hides them, the last that ended. */
async function executionsOf(client: Client): Promise<readonly Execution[]> {
	const [{items: newest}, {items: running}] = await Promise.all([
		client.executions({limit: 50}),
		client.executions({limit: 50, status: 'running'}),
	]);
	const known = new Map([...running, ...newest].map((execution) => [execution.id, execution]));
	if (newest.length < 50 || newest.some((execution) => !isActive(execution))) return [...known.values()];
	const ended = await Promise.all(
		(['completed', 'warning', 'failed', 'cancelled'] as const).map((status) => client.executions({limit: 5, status})),
	);
	return [...ended.flatMap(({items}) => items), ...known.values()];
}
