import type {Client} from '../api/client.js';
import type {Writer} from './writer.js';

export type FlagType = 'boolean' | 'string' | 'number' | 'strings';

export type Flag = {
	readonly type: FlagType;
	/** The word that stands for the value in help, such as FILE. */
	readonly value?: string;
	readonly summary: string;
	/** The values it takes; absent: any. */
	readonly oneOf?: readonly string[];
};

export type FlagValues = Readonly<Record<string, boolean | string | number | readonly string[] | undefined>>;

/** What a command is handed: its words, where it works, and how it speaks. */
export type Context = Writer & {
	readonly words: readonly string[];
	readonly flags: FlagValues;
	readonly json: boolean;
	/** The folder named by --workspace, else the current one. */
	readonly folder: string;
	/** The workspace's folder. @throws SluiceError `workspace.missing` */
	readonly workspace: () => string;
	/** The workspace's daemon, started when needed. */
	readonly client: () => Promise<Client>;
	/** Whether stderr is a terminal that a progress line may be redrawn on. */
	readonly live: boolean;
};

/** 0 done, 1 failed, 2 wrong usage, 3 finished with warnings, 4 cancelled, 5 needs a decision (SPEC 13). */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5;

export type Run = (context: Context) => Promise<ExitCode>;

/** One line of the command table: help, parsing, completion and the reference page all come from it. */
export type Command = {
	readonly name: string;
	/** The words after the name: `<connector>` must be there, `[dir]` may, `...` repeats. */
	readonly words: string;
	readonly summary: string;
	readonly flags: Readonly<Record<string, Flag>>;
	readonly load: () => Promise<Run>;
};
