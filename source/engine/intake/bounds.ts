/** An archive may hold this many entries. */
export const maxEntries = 10_000;

/** Pages of one input: members of an archive, sheets of a workbook. */
export const maxPages = 1_000;

/** Columns of one page. */
export const maxColumns = 50_000;

/** Characters of one tag of a workbook's XML: names and attributes. Texts stand between tags. */
export const maxTagCharacters = 1024 * 1024;

/** Sheets, styles and relations that a workbook may name. */
export const maxNamed = 100_000;

/** Bytes of the directory of an archive: room for all entries with long names. */
export const maxDirectoryBytes = 16 * 1024 * 1024;

/** Bytes of one row, one JSON object or the text of one XML element; what is longer is an unclosed quote or an attack, and would not stay flat in memory. */
export const maxRowBytes = 32 * 1024 * 1024;

/** Why 200: text deflates at 5 to 50 to 1, sheets of blank formatted cells at 100; only made-up content nears the format's 1032. */
export const maxRatio = 200;

/** Below this, a high ratio harms nobody. */
export const ratioFloorBytes = 10_000_000;

/** What an input may expand to, all members together, in multiples of `limits.max_input_bytes`. */
export const expansionFactor = 4;

/** Rows named one by one in warnings, per page and kind; the rest are counted in one closing warning. */
export const maxNamedRows = 100;

/** What a piece of a workbook may become before it is written out: long shared strings, repeated in every cell, would fill the memory. */
export const maxWaitingBytes = 128 * 1024 * 1024;

/** Rows are handed on for writing when so many bytes of them have come together. */
export const flushBytes = 4 * 1024 * 1024;
