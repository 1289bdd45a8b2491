import {PageFile} from './page-file.js';
import {RowWriter} from './row-writer.js';

/**
 * What intake has to say of single rows of a page: their surplus cells, and warnings that stand on the row (SPEC 4). Most pages have none,
 * and then no file is made. Otherwise the file has three columns in the normal form of a page: line, surplus cells as a JSON list, warning.
 */
export class RowNotes {
	private readonly writer: RowWriter;
	private file: PageFile | null = null;

	/** @param path where the file goes, absolute · @param count told of every chunk before it is written; throws when it is too much */
	constructor(
		private readonly path: string,
		name: string,
		private readonly count: (bytes: number) => void,
	) {
		this.writer = new RowWriter(name);
	}

	warn(line: number, warning: string): void {
		this.add(line, null, warning);
	}

	surplus(line: number, cells: readonly string[], warning: string): void {
		this.add(line, JSON.stringify(cells), warning);
	}

	/** Writes what has come since the last call. */
	async flush(): Promise<void> {
		if (this.writer.waiting === 0) return;
		this.file ??= await PageFile.create(this.path, this.count);
		await this.file.write(this.writer.take());
	}

	/** Returns the file's path, or null where no row had anything. */
	async finish(): Promise<string | null> {
		await this.flush();
		await this.file?.finish();
		return this.file === null ? null : this.path;
	}

	/** Closes the file, whatever became of it. */
	async close(): Promise<void> {
		await this.file?.close();
	}

	private add(line: number, surplus: string | null, warning: string): void {
		this.writer.begin(line);
		this.writer.cell(surplus);
		this.writer.cell(warning);
		this.writer.end();
	}
}

/** Where the notes of a page go: the engine reads them from the folder of the page's file. */
export function notesFile(pageFile: string): string {
	return pageFile.replace(/\.csv$/, '.notes.csv');
}
