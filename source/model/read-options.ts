/** What stands between the cells of a text file. */
export const delimiters = [',', ';', '\t', '|'] as const;

export type Delimiter = (typeof delimiters)[number];

/**
 * How an input file is read where detection cannot know (SPEC 4, `read:` in `connector.yaml`). A null is detected, or has its default.
 */
export type ReadOptions = {
	/** The label of a character encoding, such as `windows-1250`. Text files alone. */
	readonly encoding: string | null;
	/** Text files alone. */
	readonly delimiter: Delimiter | null;
	/** The line of a text file or the row of a sheet, from 1. `none`: the first row is data. */
	readonly headerRow: number | 'none' | null;
	/** Names of the columns, by position. They replace those of the header, or are given to a file without one. */
	readonly columns: readonly string[] | null;
	/** How many of the last rows are left out, such as a line with totals. */
	readonly skipLast: number;
	/** The one sheet of a workbook that is read. */
	readonly sheet: string | null;
	/** Whether hidden sheets are read too. */
	readonly hidden: boolean;
	/** Names of columns that the connector uses: no option, but what decides where a file can be read in several ways. */
	readonly usedNames?: readonly string[];
	/** What divides the cells of the connector's sample: no option either, but what decides where two delimiters divide a file alike. */
	readonly sampleDelimiter?: Delimiter | null;
};

/** The options of a connector that says nothing about them. */
export const defaultReadOptions: ReadOptions = {
	encoding: null,
	delimiter: null,
	headerRow: null,
	columns: null,
	skipLast: 0,
	sheet: null,
	hidden: false,
};

/** Keys of `read` in `connector.yaml` that a file needs, as `infer` proposes them, and what speaks for them. */
export type ReadProposal = {
	readonly header_row?: number | 'none';
	readonly encoding?: string;
	readonly delimiter?: Exclude<Delimiter, '\t'> | 'tab';
	/** A sentence for each key, and for what could not be decided. */
	readonly notes: readonly string[];
};
