/** A column that the SQL names and cannot do without, of the page that it calls `table`. */
export type NamedColumn = {
	readonly table: string;
	/** Where the page stands in the sample: a file whose pages have other names is read in its order. */
	readonly position: number;
	readonly column: string;
};
