import type {SluiceError} from '../../../model/errors.js';

/** Something the daemon was asked for: the last answer stays while it is asked again, or refuses. */
export type Asked<Value> = {
	/** The last answer; null until the first. */
	readonly value: Value | null;
	readonly asking: boolean;
	/** Why the last question failed; null when it was answered. */
	readonly error: SluiceError | null;
};

export const asking = {value: null, asking: true, error: null} as const;

export function came<Value>(value: Value): Asked<Value> {
	return {value, asking: false, error: null};
}

export function askedAgain<Value>(asked: Asked<Value>): Asked<Value> {
	return {...asked, asking: true};
}

export function refusedWith<Value>(asked: Asked<Value>, error: SluiceError): Asked<Value> {
	return {...asked, asking: false, error};
}
