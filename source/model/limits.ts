/** `limits` of `sluice.yaml` with its defaults filled in (SPEC 15). */
export type Limits = {
	readonly maxRunningExecutions: number;
	readonly maxInputBytes: number;
	readonly sqlMemoryBytes: number;
	readonly sqlTimeSeconds: number;
	readonly sqlRows: number;
	readonly sqlThreads: number;
	/** What the SQL of one execution may write to its folder. */
	readonly sqlDiskBytes: number;
	readonly sqlSandbox: 'preferred' | 'required' | 'off';
};

export const defaultLimits: Limits = {
	maxRunningExecutions: 2,
	maxInputBytes: 500_000_000,
	sqlMemoryBytes: 10_000_000_000,
	sqlTimeSeconds: 300,
	sqlRows: 10_000_000,
	sqlThreads: 4,
	sqlDiskBytes: 20_000_000_000,
	sqlSandbox: 'preferred',
};
