import type {ErrorMeaning} from './meaning.js';

export const reportErrors = {} as const satisfies Record<string, ErrorMeaning>;
