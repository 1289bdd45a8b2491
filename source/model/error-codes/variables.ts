import type {ErrorMeaning} from './meaning.js';

export const variablesErrors = {} as const satisfies Record<string, ErrorMeaning>;
