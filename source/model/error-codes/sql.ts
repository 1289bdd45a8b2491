import type {ErrorMeaning} from './meaning.js';

export const sqlErrors = {} as const satisfies Record<string, ErrorMeaning>;
