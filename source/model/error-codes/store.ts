import type {ErrorMeaning} from './meaning.js';

export const storeErrors = {
	'lease.lost': {meaning: 'Another runner has taken this execution over.', cure: 'Nothing to do: the other runner goes on.'},
} as const satisfies Record<string, ErrorMeaning>;
