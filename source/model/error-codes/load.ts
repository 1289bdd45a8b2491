import type {ErrorMeaning} from './meaning.js';

export const loadErrors = {} as const satisfies Record<string, ErrorMeaning>;
