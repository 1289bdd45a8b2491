import type {Client} from '../../api/client.js';
import type {ConnectorStatus} from '../../api/contract.js';
import type {SluiceError} from '../../model/errors.js';
import type {ExecutionStatus} from '../../model/execution.js';
import type {Tone} from '../theme/tones.js';
import type {Place} from './place.js';

type Methods = {readonly [Name in keyof Client]: Client[Name] extends (...given: infer _Given) => Promise<infer _Answer> ? Name : never};

/** A question or an order to the daemon: a method of the client that answers with a promise. */
export type Method = Methods[keyof Client];
export type Given<Name extends Method> = Parameters<Client[Name]>;
export type Answer<Name extends Method> = Awaited<ReturnType<Client[Name]>>;

/** A dialog for anything that loses or starts something: what, how many rows, what stays, the safer way (SPEC 14). */
export type Confirmation<Command> = {
	readonly title: string;
	/** What happens, a line each. */
	readonly lines: readonly string[];
	readonly stays?: string | undefined;
	readonly safer?: string | undefined;
	/** The word that must be typed before it can be confirmed: the connector's name in production. */
	readonly typed?: string | undefined;
	/** What the confirming key is called: `activate`, `cancel 2 executions`. */
	readonly action: string;
	readonly yes: Command;
	/** Drawn as dangerous. */
	readonly loses?: boolean | undefined;
};

/** A line of a menu. `refused` says why it cannot be chosen now. */
export type Choice<Command> = {
	readonly label: string;
	readonly command: Command;
	readonly refused?: string | undefined;
	readonly key?: string | undefined;
};

/** How something was when it was said: the picture of the daemon tells when it is over. */
export type Fact =
	| {readonly execution: string; readonly status: ExecutionStatus; readonly waiting_for: string | null}
	| {readonly connector: string; readonly status: ConnectorStatus}
	/** How deliveries or problems are, until one changes. */
	| {readonly of: 'deliveries' | 'problems'};

/** What a screen wants done. Data alone: the console does it, tests read it. */
export type Effect<Command> =
	| AnyAsk<Command>
	| {readonly go: Place}
	/** In the place of this screen, so that going back skips it. */
	| {readonly replace: Place}
	| {readonly back: true}
	| {readonly confirm: Confirmation<Command>}
	| {readonly menu: {readonly title: string; readonly choices: readonly Choice<Command>[]}}
	/** Asks for one line of text at the bottom; an empty one is handed over too. */
	| {
			readonly prompt: {
				readonly label: string;
				readonly text: string;
				readonly entered: (text: string) => Command;
				readonly typed?: (text: string) => Command;
			};
	  }
	/** Shows a long text in a box to scroll in: a cell, an error. */
	| {readonly show: {readonly title: string; readonly text: string}}
	/** A line of news at the bottom, until the next key that does something; one that tells how something is, as long as it is so. */
	| {readonly say: string; readonly tone?: Tone; readonly as?: Fact}
	/** A line at the bottom until the daemon has answered what this step asks. */
	| {readonly progress: string}
	/** To the clipboard (OSC 52). `what` is named in the message. */
	| {readonly copy: string; readonly what: string}
	/** Hands the terminal to $EDITOR and comes back. */
	| {readonly edit: {readonly file: string; readonly line?: number}}
	/** The file system beside the person, for path completion: the names in a folder that begin so, folders with a slash. */
	| {readonly completePath: string; readonly completed: (found: readonly string[]) => Command};

/** An `Ask` with its types hidden, as the console handles it. */
export type AnyAsk<Command> = {
	readonly ask: Method;
	readonly given: readonly unknown[];
	/** Of several asks of one screen in one slot only the last may answer. Default: the method's name. */
	readonly slot: string;
	readonly answered: (answer: never) => Command;
	/** Default: the message line says what went wrong, where and the cure. */
	readonly failed: ((error: SluiceError) => Command) | null;
};

/**
 * Asks the daemon, or tells it to do something:
 * `ask('executions', [{connector, limit: 50}], {answered: (list) => ({type: 'came', list})})`.
 */
export function ask<Name extends Method, Command>(
	method: Name,
	given: Given<Name>,
	then: {
		readonly answered: (answer: Answer<Name>) => Command;
		readonly failed?: (error: SluiceError) => Command;
		readonly slot?: string;
	},
): AnyAsk<Command> {
	return {
		ask: method,
		given,
		slot: then.slot ?? method,
		answered: then.answered as (answer: never) => Command,
		failed: then.failed ?? null,
	};
}
