import type {ErrorMeaning} from './meaning.js';

export const intakeErrors = {} as const satisfies Record<string, ErrorMeaning>;
