import type {ErrorMeaning} from './meaning.js';

export const reportErrors = {
	'report.no_table': {
		meaning: 'The execution keeps no table of that name.',
		cure: 'See `sluice tables <execution>` for the tables it has.',
	},
	'report.no_column': {meaning: 'The table has no column of that name.', cure: 'Use one of the columns that the message lists.'},
	'report.no_row': {meaning: 'The scope has no row of that number.', cure: 'See `sluice tables <execution>` for how many rows there are.'},
	'report.no_scope': {
		meaning: 'The execution has no scope of that name, or several to choose from.',
		cure: 'Name one of its scopes with --scope.',
	},
	'report.unwritable': {
		meaning: 'A report or archive could not be written where it should go.',
		cure: 'Check that the folder exists, that you may write to it and that its disk has room; then ask for it again.',
	},
	'report.damaged': {
		meaning: 'A part of a report came out of the engine incomplete.',
		cure: 'Build the report again; if it stays, check the disk.',
	},
} as const satisfies Record<string, ErrorMeaning>;
