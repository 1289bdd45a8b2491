import type {ErrorMeaning} from './meaning.js';

export const daemonErrors = {
	'usage.unknown': {meaning: 'A name, flag or id that does not exist.', cure: 'See `sluice --help`.'},
} as const satisfies Record<string, ErrorMeaning>;
