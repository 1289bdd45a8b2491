import type {Control} from '../../../source/daemon/control/control.js';
import {Courier} from '../../../source/daemon/deliveries/courier.js';
import {directNetwork} from '../../../source/daemon/outgoing/network.js';

/** A courier that reaches receivers on this machine, without a mail server and without secrets. */
export function loopbackCourier(control: Control, outbox: string): Courier {
	return new Courier({
		control,
		log: {warn: () => undefined, error: () => undefined} as never,
		outbox,
		ready: () => true,
		mailServer: () => null,
		secret: () => null,
		allowHosts: () => ['127.0.0.1'],
		network: () => directNetwork,
		redact: (text) => text,
	});
}
