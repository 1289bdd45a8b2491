import {SluiceError} from '../../../model/errors.js';
import type {Bytes} from '../bytes.js';
import type {ExpansionBudget} from '../expansion-budget.js';
import {type Archive, type Entry, entryBytes, openArchive} from '../zip/archive.js';
import {XmlError} from './xml-error.js';
import {type XmlHandler, XmlScanner} from './xml-scanner.js';

/** Why so little: a piece may name a long shared string thousands of times. */
const pieceBytes = 128 * 1024;

/** The parts of a workbook, by path. Some writers use backslashes, a leading slash or capitals; a path finds them all the same. */
export class Parts {
	private readonly byPath: ReadonlyMap<string, Entry>;
	private readonly byExactPath: ReadonlyMap<string, Entry>;

	private constructor(
		private readonly archive: Archive,
		private readonly budget: ExpansionBudget,
		private readonly onRead: (bytes: number) => void = () => {},
	) {
		this.byPath = new Map(archive.entries.map((entry) => [normal(entry.name), entry]));
		this.byExactPath = new Map(archive.entries.map((entry) => [entry.name, entry]));
	}

	/** @throws SluiceError `intake.expansion` when the parts, as declared, would expand to more than is allowed; as `openArchive` does */
	static async open(path: string, name: string, budget: ExpansionBudget, onRead?: (bytes: number) => void): Promise<Parts> {
		const archive = await openArchive(path, name);
		budget.declare(archive.entries.filter((entry) => /\.(xml|rels)$/i.test(entry.name)));
		return new Parts(archive, budget, onRead);
	}

	get names(): readonly string[] {
		return this.archive.entries.map(({name}) => name);
	}

	get name(): string {
		return this.archive.name;
	}

	has(path: string): boolean {
		return this.entry(path) !== undefined;
	}

	/** Reads a part through `handler`, until `done` says that it has seen enough. @throws as `pieces` does */
	async read(path: string, handler: XmlHandler, done: () => boolean = () => false): Promise<void> {
		for await (const _ of this.pieces(path, handler)) if (done()) return;
	}

	/**
	 * Reads a part through `handler`, piece by piece, so that what came of a piece can be put away before the next.
	 *
	 * @throws SluiceError `intake.corrupt` for a part that is missing or is not well-formed XML, and what `entryBytes` throws
	 */
	async *pieces(path: string, handler: XmlHandler): AsyncGenerator<void, void> {
		const scanner = new XmlScanner(handler);
		try {
			let decoder: ReturnType<typeof xmlDecoder> | undefined;
			for await (const chunk of (await this.bytes(path)).open()) {
				decoder ??= xmlDecoder(chunk);
				for (let at = 0; at < chunk.length; at += pieceBytes) {
					scanner.write(decoder.decode(chunk.subarray(at, at + pieceBytes), {stream: true}));
					yield;
				}
			}
			scanner.end();
		} catch (error) {
			if (!(error instanceof XmlError)) throw error;
			throw new SluiceError('intake.corrupt', `${this.name} is damaged: in ${path}, ${error.message}`, {where: `${this.name}, ${path}`});
		}
	}

	private entry(path: string): Entry | undefined {
		return this.byExactPath.get(path) ?? this.byPath.get(normal(path));
	}

	private bytes(path: string): Promise<Bytes> {
		const entry = this.entry(path);
		if (!entry) throw new SluiceError('intake.corrupt', `${this.name} is damaged: ${path} is missing`, {where: `${this.name}, ${path}`});
		return entryBytes(this.archive, entry, this.budget, this.onRead);
	}
}

function normal(path: string): string {
	return path.replaceAll('\\', '/').replace(/^\//, '').toLowerCase();
}

/** XML is UTF-8 unless it begins as UTF-16. */
function xmlDecoder(head: Uint8Array) {
	if ((head[0] === 0xff && head[1] === 0xfe) || head[1] === 0) return new TextDecoder('utf-16le');
	return new TextDecoder((head[0] === 0xfe && head[1] === 0xff) || head[0] === 0 ? 'utf-16be' : 'utf-8');
}
