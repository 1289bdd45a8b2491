import type {TypeDefinition} from './type-definition.js';

/** A telephone number. SQL hands the text on: the library of `phone.ts` decides over the distinct texts. */
export const phoneNumber: TypeDefinition = {name: 'phone_number', formats: [], noun: 'a phone number', steps: () => []};
