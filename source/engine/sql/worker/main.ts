/**
 * The sql worker: the only place where chDB is loaded. It serves one execution's data folder over its stdin and stdout and dies with its
 * pipe, by a signal, because `process.exit` would wait for a running query.
 *
 * Usage: node main.js <execution folder, or that of all executions> <how far it steps back, as `nice -n` means it> walled|plain
 */
import {getPriority} from 'node:os';
import {join} from 'node:path';
import {enginePath} from '../../../model/engine-path.js';
import {lowerPriorityTo} from '../../../platform/niceness.js';
import {encodeFrame, type Frame, frameDecoder} from '../frames.js';
import type {EngineErrorBody, Reply, Request} from '../protocol.js';
import type {Expectation} from '../sandbox/wall.js';
import type {Engine} from './engine.js';
import {seenThroughWalls} from './look-around.js';

type OpenStream = {credit: number; stopped: boolean; wake: () => void};

const [, , folder, stepsBack = '0', walls] = process.argv;
// Before the engine is loaded: its threads take over the priority that the process has when they begin.
if (stepsBack !== '0') lowerPriorityTo(getPriority() + Number(stepsBack));

if (folder === undefined) throw new Error('The execution folder is missing');
const home = folder;

let engine: Engine | undefined;
/** Whether the engine may be loaded: behind walls, only after they have been seen to stand. */
let mayLoad = walls === 'plain';
const streams = new Map<number, OpenStream>();

function die(): void {
	process.kill(process.pid, 'SIGKILL');
}

function reply(header: Reply, payload?: string | Uint8Array): void {
	for (const part of encodeFrame(header, payload)) process.stdout.write(part);
}

function describe(error: unknown): EngineErrorBody {
	const text = error instanceof Error ? error.message : String(error);
	const known: unknown = error instanceof Error && 'clickhouseCode' in error ? error.clickhouseCode : undefined;
	const found = /Code: (\d+)\./.exec(text)?.[1];
	return {engineCode: typeof known === 'number' ? known : found === undefined ? null : Number(found), text};
}

function opened(): Engine {
	if (engine === undefined) throw new Error('The engine is not open');
	return engine;
}

async function serveStream({id, sql, credit, format}: Extract<Request, {do: 'stream'}>): Promise<void> {
	const state: OpenStream = {credit, stopped: false, wake: () => undefined};
	streams.set(id, state);
	const {stream, close} = opened().stream(sql, format);
	try {
		for await (const chunk of stream) {
			while (state.credit === 0 && !state.stopped) await new Promise<void>((resolve) => Object.assign(state, {wake: resolve}));
			if (state.stopped) break;
			if (chunk.numRows === 0) continue;
			state.credit--;
			reply({id, is: 'block'}, chunk.raw());
		}
	} finally {
		streams.delete(id);
		close();
	}
}

function look(expectation: Expectation): void {
	const seen = seenThroughWalls(expectation);
	if (seen !== null) throw new Error(`the walls do not stand: ${seen}`);
	mayLoad = true;
}

async function serve(request: Request, payload: Buffer): Promise<unknown> {
	switch (request.do) {
		case 'look':
			return look(request.expectation);
		case 'close':
			engine?.close();
			engine = undefined;
			return undefined;
		case 'open':
			engine?.close();
			engine = undefined;
			if (!mayLoad) throw new Error('The walls around the engine have not been seen to stand');
			engine = (await import('./engine.js')).openEngine(
				enginePath(join(home, request.execution ?? '', 'chdb'), home),
				request.access,
				request.settings,
			);
			return await engine.rows('SELECT version() AS version');
		case 'execute':
			return await opened().execute(request.sql, request.beside);
		case 'rows':
			return await opened().rows(request.sql, request.beside);
		case 'insert':
			return await opened().execute(`${request.sql}\n${payload.toString('utf8')}`);
		case 'stream':
			return await serveStream(request);
		case 'memory':
			return process.resourceUsage().maxRSS * 1024;
		case 'more':
		case 'stop':
			return undefined;
	}
}

function steer(request: Request): boolean {
	if (request.do !== 'more' && request.do !== 'stop') return false;
	const stream = streams.get(request.id);
	if (stream === undefined) return true;
	if (request.do === 'more') stream.credit++;
	else stream.stopped = true;
	stream.wake();
	return true;
}

function receive({header, payload}: Frame): void {
	// Both ends are this program; the frame's shape is the protocol's.
	const request = header as Request;
	if (steer(request)) return;
	serve(request, payload).then(
		(result) => reply({id: request.id, is: 'done', result}),
		(error: unknown) => reply({id: request.id, is: 'failed', error: describe(error)}),
	);
}

process.stdin.on('data', frameDecoder(receive));
process.stdin.on('end', die);
process.stdin.on('close', die);
process.stdout.on('error', die);
