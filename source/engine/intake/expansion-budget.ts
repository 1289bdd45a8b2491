import {SluiceError} from '../../model/errors.js';
import {expansionFactor, maxRatio, ratioFloorBytes} from './bounds.js';

/**
 * What one input may still expand to (SPEC 17). What an archive declares is checked before anything is expanded; what really comes out is
 * counted while it does, because a declaration can lie.
 */
export class ExpansionBudget {
	private readonly limit: number;
	private spent = 0;
	private readonly members = new Map<string, number>();

	/** @param file the input's name, for the message */
	constructor(
		private readonly file: string,
		maxInputBytes: number,
	) {
		this.limit = maxInputBytes * expansionFactor;
	}

	/** @throws SluiceError `intake.expansion` when the members, as declared, would expand to more than is allowed */
	declare(members: readonly {readonly name: string; readonly compressed: number; readonly expanded: number}[]): void {
		let total = 0;
		for (const {name, compressed, expanded} of members) {
			this.checkRatio(name, compressed, expanded);
			total += expanded;
		}
		if (total > this.limit) throw this.tooLarge(this.file);
	}

	/** A counter for the bytes that come out of one member; a member read again counts anew. It throws `intake.expansion` at the first byte too many. */
	counter(name: string, compressed: number): (bytes: number) => void {
		let expanded = 0;
		this.spent -= this.members.get(name) ?? 0;
		this.members.set(name, 0);
		return (bytes) => {
			expanded += bytes;
			this.spent += bytes;
			this.members.set(name, expanded);
			this.checkRatio(name, compressed, expanded);
			if (this.spent > this.limit) throw this.tooLarge(name);
		};
	}

	private checkRatio(name: string, compressed: number, expanded: number): void {
		if (expanded <= ratioFloorBytes || expanded <= compressed * maxRatio) return;
		throw new SluiceError('intake.expansion', `${name} expands to more than ${maxRatio} times its size`, {
			where: this.file === name ? name : `${this.file}, ${name}`,
			expected: `at most ${maxRatio} bytes for each compressed one`,
		});
	}

	private tooLarge(name: string): SluiceError {
		return new SluiceError('intake.expansion', `${this.file} expands to more than ${this.limit} bytes`, {
			where: this.file === name ? name : `${this.file}, ${name}`,
			expected: `at most ${expansionFactor} times limits.max_input_bytes`,
		});
	}
}
