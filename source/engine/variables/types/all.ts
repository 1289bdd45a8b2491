import type {VariableType} from '../../../model/variable.js';
import {boolean} from './boolean.js';
import {date} from './date.js';
import {datetime} from './datetime.js';
import {email} from './email.js';
import {number} from './number.js';
import {phoneNumber} from './phone-number.js';
import {string} from './string.js';
import type {TypeDefinition} from './type-definition.js';
import {uuid} from './uuid.js';

/** The definition of each type. A type that has none does not compile. */
export const definitions: Readonly<Record<VariableType, TypeDefinition>> = {
	boolean,
	date,
	datetime,
	email,
	number,
	phone_number: phoneNumber,
	string,
	uuid,
};
