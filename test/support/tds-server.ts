import type {AddressInfo} from 'node:net';
import {createServer, type Socket} from 'node:net';

/*
 * As much of a SQL Server as its protocol (MS-TDS 7.4) asks for to log in and to answer queries with rows that a test wrote down.
 */

/** A column: its type as the protocol writes it, and its cells. */
export type TdsColumn = {readonly name: string; readonly type: Buffer; readonly cells: readonly Buffer[]};

export type TdsServer = {
	readonly port: number;
	/** The batches that were asked, in order. */
	readonly asked: string[];
	/** How many queries were cancelled. */
	cancelled(): number;
	stop(): Promise<void>;
};

const ucs2 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const uint16 = (number: number): Buffer => Buffer.from([number & 0xff, number >> 8]);
const uint32 = (number: number): Buffer => {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(number);
	return bytes;
};
const short = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), ucs2(text)]);

const done = (status = 0, rows = 0): Buffer =>
	Buffer.concat([Buffer.from([0xfd]), uint16(status | 0x10), uint16(0), uint32(rows), uint32(0)]);

function errorToken(number: number, message: string, line = 1): Buffer {
	const body = [uint32(number), Buffer.from([1, 14]), uint16(message.length), ucs2(message), short('test'), short(''), uint32(line)];
	const bytes = Buffer.concat(body);
	return Buffer.concat([Buffer.from([0xaa]), uint16(bytes.length), bytes]);
}

function loginAck(): Buffer {
	const body = Buffer.concat([Buffer.from([1, 0x74, 0, 0, 4]), short('test'), Buffer.from([16, 0, 0, 0])]);
	return Buffer.concat([Buffer.from([0xad]), uint16(body.length), body]);
}

/** ENVCHANGE 8: a transaction has begun. */
const transactionBegun = Buffer.concat([Buffer.from([0xe3]), uint16(11), Buffer.from([8, 8, 1, 0, 0, 0, 0, 0, 0, 0, 0])]);

function result(columns: readonly TdsColumn[]): Buffer {
	const described = columns.map(({name, type}) => Buffer.concat([uint32(0), uint16(1), type, short(name)]));
	const rows =
		columns[0]?.cells.map((_cell, row) =>
			Buffer.concat([Buffer.from([0xd1]), ...columns.map(({cells}) => cells[row] ?? Buffer.alloc(0))]),
		) ?? [];
	return Buffer.concat([Buffer.from([0x81]), uint16(columns.length), ...described, ...rows, done(0, rows.length)]);
}

/** @param columns what each query but `wait` gives; a query with `wrong` is an error of its second line */
export async function startTdsServer(columns: readonly TdsColumn[], password: string): Promise<TdsServer> {
	const asked: string[] = [];
	let cancelled = 0;
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
		const send = (...tokens: Buffer[]): void => {
			const body = Buffer.concat(tokens);
			const head = Buffer.from([4, 1, 0, 0, 0, 0, 1, 0]);
			head.writeUInt16BE(body.length + 8, 2);
			socket.write(Buffer.concat([head, body]));
		};
		const answer = (type: number, body: Buffer): void => {
			if (type === 0x12) send(Buffer.from([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, 2]));
			else if (type === 0x10) send(...(loginIs(body, password) ? [loginAck()] : [errorToken(18456, 'Login failed for user.')]), done());
			else if (type === 0x0e) send(transactionBegun, done());
			else if (type === 0x06) {
				cancelled++;
				send(done(0x20));
			} else if (type === 0x01) {
				const text = body.subarray(body.readUInt32LE(0)).toString('utf16le');
				const isInitial = /^\s*set /i.test(text);
				if (!isInitial) asked.push(text);
				if (isInitial) send(done());
				else if (text.includes('wrong')) send(errorToken(208, "Invalid object name 'wrong'.", 2), done(2));
				else if (!text.includes('wait')) send(result(columns));
			}
		};
		let rest = Buffer.alloc(0);
		let message = Buffer.alloc(0);
		socket.on('data', (piece: Buffer) => {
			rest = Buffer.concat([rest, piece]);
			while (rest.length >= 8 && rest.length >= rest.readUInt16BE(2)) {
				const length = rest.readUInt16BE(2);
				message = Buffer.concat([message, rest.subarray(8, length)]);
				const [type = 0, status = 0] = rest;
				rest = rest.subarray(length);
				if ((status & 1) === 0) continue;
				answer(type, message);
				message = Buffer.alloc(0);
			}
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		port: (server.address() as AddressInfo).port,
		asked,
		cancelled: () => cancelled,
		async stop() {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** The password of LOGIN7, whose bytes are turned over and mixed with 0xA5. */
function loginIs(login: Buffer, password: string): boolean {
	const [at, characters] = [login.readUInt16LE(44), login.readUInt16LE(46)];
	const bytes = Buffer.from(login.subarray(at, at + 2 * characters)).map((byte) => {
		const mixed = byte ^ 0xa5;
		return ((mixed >> 4) | (mixed << 4)) & 0xff;
	});
	return Buffer.from(bytes).toString('utf16le') === password;
}
