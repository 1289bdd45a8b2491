import type {ErrorMeaning} from './meaning.js';

export const intakeErrors = {
	'intake.missing': {meaning: 'The input file does not exist.', cure: 'Check the path; a relative one counts from the current folder.'},
	'intake.unreadable': {
		meaning: 'The input file cannot be opened.',
		cure: 'Give the user that runs Sluice the right to read the file, and name a file, not a folder.',
	},
	'intake.too_large': {
		meaning: 'The input file, or what it expands to, is over the limit.',
		cure: 'Split the file, or raise limits.max_input_bytes in sluice.yaml.',
	},
	'intake.type': {
		meaning: 'The input is not of a type that is read, or its content is not what its name says.',
		cure: 'Save it as .csv, .tsv, .dat, .xlsx, .zip of .csv files, .jsonl, .json, .parquet or .csv.gz.',
	},
	'intake.encrypted': {meaning: 'The input is protected by a password.', cure: 'Save it without a password and send it again.'},
	'intake.empty': {meaning: 'The input holds nothing, not even a header.', cure: 'Send a file whose first row names the columns.'},
	'intake.no_rows': {
		meaning: 'The sample file has a header and no rows, so that it proves little.',
		cure: 'Put some rows of a real file into the sample.',
	},
	'intake.header_row': {
		meaning: 'The input does not have the row that its header is said to stand in.',
		cure: 'Correct read.header_row in connector.yaml, or take it away where the first row is the header.',
	},
	'intake.sheet': {
		meaning: 'The workbook does not have the sheet that is named.',
		cure: 'Correct read.sheet in connector.yaml, or rename the sheet.',
	},
	'intake.unterminated_quote': {
		meaning: 'A quoted cell is opened and never closed.',
		cure: 'Close the quote, or double it where it is part of the text; if the file was cut off, send it again.',
	},
	'intake.truncated': {meaning: 'The input ends before it should.', cure: 'Send the file again; the transfer was cut off.'},
	'intake.corrupt': {meaning: 'The input is damaged.', cure: 'Open and save it again in the program that made it, then send that.'},
	'intake.expansion': {
		meaning: 'An archive or workbook expands to more than is allowed.',
		cure: 'Send its content as plain files; if it is genuine, raise limits.max_input_bytes in sluice.yaml.',
	},
	'intake.too_many_pages': {
		meaning: 'A workbook has more sheets, or an archive more .csv files, than are read.',
		cure: 'Split it into several files, or leave out the sheets or files that are not needed.',
	},
	'intake.archive_layout': {
		meaning: 'The archive holds no .csv files where they are looked for.',
		cure: 'Put the .csv files at the root of the archive, or all in one folder of it.',
	},
	'intake.too_costly': {
		meaning: 'Opening the input took more time or memory than a file may take, and was given up.',
		cure: 'Open the file in the program that made it and save it again, or save it as .csv, then send that.',
	},
	'intake.encoding': {
		meaning: 'The text is in an encoding that cannot be read, or not in the one that read.encoding names.',
		cure: 'Save the file as UTF-8, or correct read.encoding in connector.yaml.',
	},
	'intake.json': {
		meaning: 'The JSON is not valid, or not made of objects.',
		cure: 'Send one object, an array of objects, or one object a line.',
	},
	'intake.too_wide': {
		meaning: 'A row has more columns, or is longer, than can be read.',
		cure: 'Check the delimiter and the quotes; a row may have 50,000 columns and 32 MB.',
	},
	'intake.incompatible': {
		meaning: 'The input lacks columns that the SQL or the variables name.',
		cure: 'Rename the columns in the file, or in the SQL and the variables.',
	},
	'intake.column_places': {
		meaning:
			'Columns whose headers clean to one name stand in other places than in the sample, or a header cleans to the name of another one of the sample.',
		cure: 'Send the file with its columns as in the sample; where the new file is right, replace the sample and check the variables.',
	},
	'intake.unused_option': {
		meaning: 'An option under `read:` does nothing to files of this type.',
		cure: 'Remove the key, or leave out rows and rename columns in the SQL.',
	},
	'intake.parquet_type': {
		meaning: 'A Parquet file has a column of a type, or with a compression, that is not read.',
		cure: 'Leave the column out, write it as text, or use another compression.',
	},
	'intake.several_pages': {
		meaning: 'The input has several pages, and the connector has no SQL to join them.',
		cure: 'Give the connector a transform.sql, or send a file with one page.',
	},
} as const satisfies Record<string, ErrorMeaning>;
