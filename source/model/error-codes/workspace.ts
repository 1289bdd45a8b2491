import type {ErrorMeaning} from './meaning.js';

export const workspaceErrors = {
	'workspace.added_options': {
		meaning: 'Runs added options to a field that the file of its object does not list.',
		cure: 'Nothing has to be done; list them in the file to have them there.',
	},
	'workspace.cron_or': {
		meaning: 'A cron expression names days of the month and weekdays, and runs on each day that is one or the other.',
		cure: 'Write * in one of the two where that is not meant.',
	},
	'workspace.unsigned_event': {
		meaning: 'A sender of webhooks signs a token and a time, and not the event: the event could be changed on its way.',
		cure: 'Nothing has to be done where the way is encrypted.',
	},
	'workspace.unsigned_time': {
		meaning: 'A sender of webhooks signs no time: a recorded request can be sent again.',
		cure: 'Nothing has to be done where the way is encrypted.',
	},
	'workspace.missing': {
		meaning: 'No sluice.yaml here or in any folder above.',
		cure: 'Run `sluice init`, or name the folder with --workspace DIR.',
	},
	'workspace.invalid': {meaning: 'The configuration has problems.', cure: 'Run `sluice validate` to see them all.'},
	'workspace.exists': {meaning: 'A file that would be written is already there.', cure: 'Name another folder, or move the file away.'},
	'workspace.incomplete_installation': {
		meaning: 'A file that comes with Sluice is not where it was installed.',
		cure: 'Install Sluice again.',
	},
	'workspace.unreadable': {meaning: 'A file of the configuration cannot be read.', cure: 'Check that it is there and who may read it.'},
	'workspace.open_to_others': {
		meaning: 'A file of the configuration, or a folder it is in, can be written by others: it is not used.',
		cure: 'Remove write permission for others: `chmod o-w` what is named.',
	},
	'workspace.syntax': {meaning: 'A file is not YAML.', cure: 'Mend the line that is named; indentation and quotes are the usual cause.'},
	'workspace.duplicate_key': {meaning: 'A key stands twice in the same map.', cure: 'Keep one of them.'},
	'workspace.unknown_key': {meaning: 'A key that means nothing here.', cure: 'Correct its spelling, or remove it.'},
	'workspace.missing_key': {meaning: 'A key that must be there is missing or empty.', cure: 'Add it.'},
	'workspace.wrong_type': {meaning: 'A value of another kind than expected, such as a text for a list.', cure: 'Write what is expected.'},
	'workspace.wrong_value': {meaning: 'A value that is not allowed here.', cure: 'Choose one that is expected.'},
	'workspace.contradiction': {meaning: 'Two keys exclude each other, or one says nothing without another.', cure: 'Keep what you mean.'},
	'workspace.bad_name': {
		meaning: 'A name that cannot be used: an api_name has lower-case letters, digits and underscores; some names are reserved.',
		cure: 'Choose another name.',
	},
	'workspace.duplicate_name': {meaning: 'A name that must be unique is used twice.', cure: 'Rename one of them.'},
	'workspace.unknown_name': {
		meaning: 'A name of something that does not exist: an object, field, variable, filter group, automation, parameter.',
		cure: 'Correct its spelling, or define it.',
	},
	'workspace.broken_reference': {
		meaning: 'Something that is named here has problems of its own.',
		cure: 'Solve those first: they are listed at their own place.',
	},
	'workspace.file_missing': {meaning: 'A file that the configuration names does not exist.', cure: 'Put it there, or correct the name.'},
	'workspace.sql_required': {
		meaning: 'Only a spreadsheet of one page can do without SQL.',
		cure: 'Write transform.sql and name it: `sql: transform.sql`.',
	},
	'workspace.identifier': {
		meaning: 'An object needs exactly one identifier field, of a type that can identify.',
		cure: 'Mark one field with `identifier: true`.',
	},
	'workspace.identifier_unmapped': {
		meaning: "A load step does not map its object's unique identifier.",
		cure: 'Add a mapping for that field.',
	},
	'workspace.incompatible': {meaning: "A variable's type does not suit the field.", cure: 'Use one of the types that are listed.'},
	'workspace.falls_through': {
		meaning: 'The last matching rule goes to a next rule, and there is none.',
		cure: 'Choose an action that decides, or add a rule.',
	},
	'workspace.scope': {
		meaning: 'A scope that is missing, does not exist or is not the one of the step.',
		cure: 'Name the table of `output` that the rows come from.',
	},
	'workspace.order': {
		meaning: 'An exposed record id is used before the step that sets it.',
		cure: 'Move the step that exposes it up.',
	},
	'workspace.secret': {meaning: 'A secret is not named as it must be.', cure: 'Write it as `${secret:name}`.'},
} as const satisfies Record<string, ErrorMeaning>;
