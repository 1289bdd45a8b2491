import type {Field} from '../../../model/object.js';
import {unreachable} from '../../../model/unreachable.js';
import type {MatchOutcome} from './match.js';
import {shown} from './values/shown.js';

/** Why a row did nothing or failed, as sentences (SPEC 8.3). Values are named as the row brought them. */
export const noChange = 'no change';

export const unarchived = 'unarchived';

export function doNotUpload(because: MatchOutcome, constrained: boolean, field: string, value: string | null): string {
	if (value === null) return `do not upload: ${field} is blank, which matches nothing`;
	const which = constrained ? ' of those found before' : '';
	const what = `${field} ${shown(value)}`;
	switch (because) {
		case 'no_match':
			return `do not upload: no record${which} matches ${what}`;
		case 'single_match':
			return `do not upload: a record${which} matches ${what}`;
		case 'multiple_match':
			return `do not upload: several records${which} match ${what}`;
		case 'archived_match':
			return `do not upload: an archived record${which} matches ${what}`;
		default:
			return unreachable(because);
	}
}

/** @param refusal what was wrong with a value that came, else null */
export function cannotCreate(field: Pick<Field, 'apiName' | 'identifier'>, refusal: string | null): string {
	const need = field.identifier ? 'a new record needs its unique identifier' : 'a new record needs it';
	return refusal === null ? `${field.apiName}: blank, and ${need}` : `${refusal}, and ${need}`;
}

/** @param holder the identifier of the record that has the value */
export function taken(field: string, value: string, holder: string, archived: boolean): string {
	return `${field}: ${shown(value)} is already held by ${archived ? 'the archived record ' : ''}${holder}`;
}

export function madeWay(name: string): string {
	return `the archived record that matched is now ${shown(name)}`;
}

export function fieldLeft(refusal: string, creating: boolean): string {
	return `${refusal}, ${creating ? 'left blank' : 'left as it was'}`;
}
