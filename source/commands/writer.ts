import {visible, visibleJson} from '../text/visible.js';

/** Everything the command line writes to a terminal goes through here: no other file of this folder touches the two streams. */
export type Writer = {
	/** Lines of the answer, to stdout. Each stays one line, whatever it holds. */
	readonly print: (...lines: readonly string[]) => void;
	/** Progress and hints, to stderr, so that stdout holds the answer alone. */
	readonly say: (...lines: readonly string[]) => void;
	/** One line of JSON, such as an error, to stderr. */
	readonly sayJson: (json: string) => void;
	/** Text on stderr that the cursor stays behind: a question. */
	readonly ask: (question: string) => void;
	/** The progress line of stderr, drawn over the one before; null takes it away. */
	readonly redraw: (line: string | null) => void;
};

type Streams = {readonly stdout: NodeJS.WriteStream; readonly stderr: NodeJS.WriteStream};

const eraseLine = '\r\u001b[2K';

/** Control and direction characters of what is written become visible, with `json` as the escapes of JSON (SPEC 17). */
export function writerTo({stdout, stderr}: Streams, {json}: {readonly json: boolean}): Writer {
	const linesOf = (lines: readonly string[], made: (line: string) => string): string => lines.map((line) => `${made(line)}\n`).join('');
	return {
		print: (...lines) => void stdout.write(linesOf(lines, json ? visibleJson : visible)),
		say: (...lines) => void stderr.write(linesOf(lines, visible)),
		sayJson: (text) => void stderr.write(linesOf([text], visibleJson)),
		ask: (question) => void stderr.write(visible(question)),
		redraw(line) {
			stderr.write(line === null ? eraseLine : eraseLine + visible(line).slice(0, (stderr.columns ?? 80) - 1));
		},
	};
}
