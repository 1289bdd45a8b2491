import {SluiceError} from '../../model/errors.js';

/** What the bodies of all requests that are being answered may hold together (SPEC 25). */
const mostBytes = 256 * 1024 * 1024;

/** The body of one request. */
export type HeldBody = {
	/** @throws SluiceError `webhook.busy` where all bodies together would hold too much */
	grow(bytes: number): void;
	/** The request is answered. */
	end(): void;
};

/** Bounds the memory of bodies that are being read or wait to be kept. */
export class BodiesInFlight {
	#bytes = 0;
	readonly #mostBytes: number;

	constructor(most = mostBytes) {
		this.#mostBytes = most;
	}

	hold(): HeldBody {
		let held = 0;
		return {
			grow: (bytes) => {
				if (this.#bytes + bytes > this.#mostBytes) {
					throw new SluiceError('webhook.busy', 'The bodies that are being read hold as much memory as they may');
				}
				this.#bytes += bytes;
				held += bytes;
			},
			end: () => {
				this.#bytes -= held;
				held = 0;
			},
		};
	}
}
