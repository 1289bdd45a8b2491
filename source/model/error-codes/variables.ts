import type {ErrorMeaning} from './meaning.js';

export const variablesErrors = {
	'variables.missing_scope': {
		meaning: 'Variables read from an output table that the SQL did not leave behind.',
		cure: 'Correct the scope of the variables, or let the SQL create that table in the database output.',
	},
	'variables.missing_column': {
		meaning: 'Variables name columns that the output table does not have.',
		cure: 'Correct the column of each variable, or let the SQL give the output table that column.',
	},
	'variables.unknown_source': {
		meaning: 'An additional variable is made from something that does not exist.',
		cure: 'Correct the name in the template or in from.',
	},
	'variables.circle': {
		meaning: 'Templates of additional variables need each other.',
		cure: 'Let one of them stand without the other.',
	},
	'variables.unknown_timezone': {
		meaning: 'The workspace names a time zone that does not exist.',
		cure: 'Set timezone in sluice.yaml to a name of the IANA database, such as Europe/Paris.',
	},
} as const satisfies Record<string, ErrorMeaning>;
