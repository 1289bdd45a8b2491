import {createInterface} from 'node:readline/promises';
import {Writable} from 'node:stream';

/**
 * What a person types after `question`, without showing it; from a pipe everything that comes, but for one line end at its end.
 * Ctrl-C ends the command, as everywhere.
 */
export async function readSecret(question: string, ask: (question: string) => void, end: () => void): Promise<string> {
	const {stdin} = process;
	if (!stdin.isTTY) return await everything(stdin);
	ask(question);
	// why: the line editor shows what is typed on its output; this one shows nothing.
	const unseen = new Writable({write: (_part, _encoding, done) => done()});
	const lines = createInterface({input: stdin, output: unseen, terminal: true});
	lines.once('SIGINT', () => {
		end();
		process.exit(130);
	});
	try {
		return await lines.question('');
	} finally {
		lines.close();
		end();
	}
}

async function everything(input: NodeJS.ReadableStream): Promise<string> {
	const parts: Buffer[] = [];
	for await (const part of input) parts.push(Buffer.from(part));
	return Buffer.concat(parts)
		.toString('utf8')
		.replace(/\r?\n$/, '');
}
