import {closeSync, mkdtempSync, openSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type ChdbQueryStream, Session} from 'chdb';
import {writeAllSync} from '../../../platform/files/write-all.js';
import {type AccessConfiguration, serverXml, usersXml} from '../access.js';
import type {StreamFormat} from '../protocol.js';

/**
 * The chDB sessions of one execution. Statements run in `main`, small questions in `side`, so that a table can be looked at while a long
 * statement runs; each stream has a session of its own, because a session runs one thing at a time. Work `beside` the stages, which nothing
 * waits for, has one too.
 */
export type Engine = {
	execute(sql: string, beside?: boolean): Promise<void>;
	rows(sql: string, beside?: boolean): Promise<unknown[]>;
	stream(sql: string, format: StreamFormat): {readonly stream: ChdbQueryStream; readonly close: () => void};
	close(): void;
};

type Files = {readonly arguments: readonly string[]; readonly remove: () => void};

/** Why a private folder that is gone again when the sessions are open: the configuration holds secrets and must not stay anywhere. */
function writeConfiguration(access: AccessConfiguration): Files {
	const folder = mkdtempSync(join(tmpdir(), 'sluice-sql-'));
	const users = join(folder, 'users.xml');
	const config = join(folder, 'config.xml');
	writePrivate(users, usersXml(access));
	writePrivate(config, serverXml(users, access));
	return {arguments: [`--config-file=${config}`], remove: () => rmSync(folder, {recursive: true, force: true})};
}

/** Not synced: it is read once, by this process. */
function writePrivate(path: string, text: string): void {
	const file = openSync(path, 'wx', 0o600);
	try {
		writeAllSync(file, text);
	} finally {
		closeSync(file);
	}
}

/**
 * Opens the data folder. All sessions must be closed before it is opened in another mode.
 *
 * @param access null for our own statements, else what the user's may do
 * @param settings `SET` statements that every session starts with
 */
export function openEngine(folder: string, access: AccessConfiguration | null, settings: readonly string[]): Engine {
	const files = access === null ? {arguments: [], remove: () => undefined} : writeConfiguration(access);
	const open = () => {
		const session = new Session(folder, {connectionArgs: files.arguments});
		for (const setting of settings) session.query(setting);
		return session;
	};
	const spare: Session[] = [];
	try {
		spare.push(open(), open());
	} finally {
		files.remove();
	}
	const [main, side] = spare;
	if (main === undefined || side === undefined) throw new Error('The engine opened no session');
	let closed = false;
	const idle: Session[] = [];
	let third: Session | undefined;
	const besideStages = () => {
		third ??= open();
		return third;
	};
	return {
		async execute(sql, beside = false) {
			await (beside ? besideStages() : main).queryAsync(sql, {format: 'Null'});
		},
		async rows(sql, beside = false) {
			const text = (await (beside ? besideStages() : side).queryAsync(sql, {format: 'JSONEachRow'})).text();
			return text
				.split('\n')
				.filter((line) => line !== '')
				.map((line): unknown => JSON.parse(line));
		},
		stream(sql, format) {
			// Why a new session needs no configuration file any more: the engine behind it is the one that is already open.
			const session = idle.pop() ?? open();
			const stream = session.queryStream(sql, {format});
			return {
				stream,
				close: () => {
					stream.cancel();
					if (closed) session.close();
					else idle.push(session);
				},
			};
		},
		close() {
			closed = true;
			for (const session of [main, side, ...(third ? [third] : []), ...idle]) session.close();
		},
	};
}
