import {SluiceError} from '../../model/errors.js';
import type {Actor} from '../control/history.js';
import type {Services} from '../services.js';

/**
 * `POST /connectors/:name/source/cancel`: ends the look at a connector's source that is under way, its query in the database included.
 * Nothing is taken; a schedule looks again at its next tick.
 *
 * @throws SluiceError `source.idle` where none is under way
 */
export function cancelLook({configuration, control, looks}: Services, name: string, actor: Actor): {readonly cancelled: number} {
	configuration.entry(name);
	const cancelled = looks.cancel(name);
	if (cancelled === 0) throw new SluiceError('source.idle', `No look at the source of ${name} is under way`);
	control.history.add(actor, {what: 'source cancel', connector: name});
	return {cancelled};
}
