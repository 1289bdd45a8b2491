import type {ErrorMeaning} from './meaning.js';

export const storeErrors = {
	'lease.lost': {meaning: 'Another runner has taken this execution over.', cure: 'Nothing to do: the other runner goes on.'},
	'store.full': {
		meaning: 'The disk that holds the records is full. The chunk was not written; everything before it stands.',
		cure: 'Make room on the disk that holds .sluice/sluice.db, then rerun: it goes on at its first uncommitted chunk.',
	},
	'store.io': {
		meaning: 'The disk or file system failed to read or write the records. The chunk was not written; everything before it stands.',
		cure: 'Check the disk and the rights of .sluice, then run `sluice doctor`.',
	},
	'store.busy': {
		meaning: 'Something else held the records locked for too long.',
		cure: 'Look for another program that has .sluice/sluice.db open, then try again.',
	},
	'store.damaged': {
		meaning: 'The record store is not a whole SQLite database.',
		cure: 'Put the workspace back from a backup: `sluice restore FILE DIR`.',
	},
	'store.newer': {
		meaning: 'The record store was written by a newer version of Sluice.',
		cure: 'Install that version again; or restore a backup that this version made: `sluice restore FILE DIR`.',
	},
	'store.object_refused': {
		meaning: 'An object file asks for something that the stored records forbid.',
		cure: 'Give the new shape a new api_name, or undo the change in the object file.',
	},
	'store.clash': {
		meaning: 'Two records would hold the same unique value.',
		cure: 'Change or archive one of the two records.',
	},
	'store.unknown': {meaning: 'An object, field or record that the store does not know.', cure: 'Check the spelling of the name.'},
} as const satisfies Record<string, ErrorMeaning>;
