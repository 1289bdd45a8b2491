/** The tick that makes the clock look at a source. */
export type Tick = {
	/** Milliseconds since 1970. */
	readonly at: number;
	/** For the log of what comes of it. */
	readonly notes: readonly string[];
	readonly stopping: AbortSignal;
};

/** What a look at a url or sql source brought: nothing new, or a file to run on and what to remember of it. */
export type Look =
	| {readonly changed: false}
	| {
			readonly changed: true;
			/** Null where nothing is compared. */
			readonly mark: string | null;
			readonly input: {readonly path: string; readonly name: string};
			/** For the execution's log. */
			readonly notes: readonly string[];
	  };
