import type {TypeDefinition} from './type-definition.js';

/** Text as it is given: leading zeros, accents, inner spaces and all (SPEC 3). Never a failed conversion. */
export const string: TypeDefinition = {name: 'string', formats: [], noun: 'a string', steps: () => []};
