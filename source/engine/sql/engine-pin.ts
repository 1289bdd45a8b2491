import {SluiceError} from '../../model/errors.js';

/**
 * Holds the engine against a connector's `engine: "26.7"`: every part that the pin names must be the same (SPEC 5.7).
 *
 * @param engine as the worker says it, such as `chdb 26.7.2.1`
 * @throws SluiceError `sql.engine_pinned`
 */
export function checkEnginePin(pin: string | null, engine: string): void {
	if (pin === null) return;
	const version = engine.split(' ').at(-1)?.split('.') ?? [];
	const wanted = pin
		.trim()
		.replace(/^chdb /, '')
		.split('.');
	if (wanted.every((part, index) => part === version[index])) return;
	throw new SluiceError('sql.engine_pinned', `The connector is pinned to engine ${pin}, and this is ${engine}`, {expected: pin});
}
