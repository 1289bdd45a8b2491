import {mkdtempSync, rmSync} from 'node:fs';
import {type IncomingHttpHeaders, request} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pino} from 'pino';
import {control} from '../../source/daemon/control/control.js';
import {BodiesInFlight} from '../../source/daemon/webhooks/bodies-in-flight.js';
import {Intake} from '../../source/daemon/webhooks/intake.js';
import {KeyClock} from '../../source/daemon/webhooks/key-clock.js';
import {hooks, openListener, type Room} from '../../source/daemon/webhooks/listener.js';
import type {WebhookIntake} from '../../source/model/webhook-intake.js';
import type {ConnectorEntry} from '../../source/workspace/read-workspace.js';

type Setup = {
	readonly connectors: Readonly<Record<string, Partial<WebhookIntake>>>;
	readonly secrets?: Readonly<Record<string, string>>;
	readonly room?: Room;
	readonly bodies?: BodiesInFlight;
	readonly publicPath?: string;
	visit?(url: string): Promise<number>;
};

export type Sent = {
	readonly path?: string;
	readonly method?: string;
	readonly body?: string | Uint8Array;
	readonly headers?: Readonly<Record<string, string>>;
};

const unfetched = () => Promise.reject(new Error('no keys are fetched'));

export type Got = {readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string};

export type Stored = {readonly caller: string; readonly query: string; readonly body: string; readonly headers: string};

/** The listener of webhooks in this process, on a port of its own, with the requests it has kept. */
export async function openHooks({connectors, secrets = {}, room, bodies = new BodiesInFlight(), publicPath = '', visit}: Setup) {
	const folder = mkdtempSync(join(tmpdir(), 'sluice-hooks-'));
	const state = control(join(folder, 'control.db'));
	const intake = new Intake({
		control: state,
		keyClock: new KeyClock(state),
		log: pino({level: 'silent'}),
		maxInputBytes: () => 1 << 30,
		kept: () => undefined,
	});
	const unforeseen: unknown[] = [];
	const app = hooks(
		{
			intake,
			bodies,
			find: (name) => {
				const webhook = connectors[name];
				return webhook && ({kind: 'webhook', connector: {webhook: {cadenceSeconds: 86_400, auth: null, ...webhook}}} as ConnectorEntry);
			},
			secret: (name) => secrets[name] ?? null,
			keys: {tokenKeys: unfetched, certificateKey: unfetched},
			visit: visit ?? (() => Promise.reject(new Error('nothing is visited'))),
		},
		{answered: () => undefined, unforeseen: (error) => unforeseen.push(error)},
		() => publicPath,
	);
	const server = await openListener(app, {host: '127.0.0.1', port: 0}, room ?? {mostConnections: () => 1_000, mostWaiting: () => 4_000});
	const {port} = server.address() as AddressInfo;
	return {
		port,
		control: state,
		unforeseen,
		send: ({path = '/hooks/orders', method = 'POST', body, headers = {}}: Sent = {}): Promise<Got> =>
			new Promise((resolve, reject) => {
				const sent = request({host: '127.0.0.1', port, path, method, headers, agent: false}, (answer) => {
					const pieces: Buffer[] = [];
					answer.on('data', (piece: Buffer) => pieces.push(piece));
					answer.on('end', () =>
						resolve({status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(pieces).toString()}),
					);
					answer.on('error', reject);
				});
				sent.on('error', reject);
				sent.end(body);
			}),
		/** What is kept, the first first. */
		stored: (): readonly Stored[] =>
			state.webhooks
				.notQueued()
				.flatMap(({id}) => state.webhooks.lines(id, 0, 100_000))
				.sort((one, other) => one.seq - other.seq)
				.map(({line}) => {
					const cells = [...line.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n]*))[,\n]/g)].map(
						([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
					);
					const [, caller = '', query = '', body = '', headers = ''] = cells;
					return {caller, query, body, headers};
				}),
		close: async (): Promise<void> => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			state.close();
			rmSync(folder, {recursive: true});
		},
	};
}

export type Hooks = Awaited<ReturnType<typeof openHooks>>;
