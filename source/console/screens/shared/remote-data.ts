import type {SluiceError} from '../../../model/errors.js';

/** Something the daemon was asked for: the last answer stays while it is asked again, or refuses. */
export type RemoteData<Value> = {
	/** The last answer; null until the first. */
	readonly value: Value | null;
	readonly asking: boolean;
	/** Why the last question failed; null when it was answered. */
	readonly error: SluiceError | null;
};

export const asking = {value: null, asking: true, error: null} as const;

export function came<Value>(value: Value): RemoteData<Value> {
	return {value, asking: false, error: null};
}

export function askedAgain<Value>(asked: RemoteData<Value>): RemoteData<Value> {
	return {...asked, asking: true};
}

export function refusedWith<Value>(asked: RemoteData<Value>, error: SluiceError): RemoteData<Value> {
	return {...asked, asking: false, error};
}
