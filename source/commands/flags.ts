import type {FlagValues} from './command.js';

export function textFlag(flags: FlagValues, name: string): string | undefined {
	const value = flags[name];
	return typeof value === 'string' ? value : undefined;
}

export function numberFlag(flags: FlagValues, name: string): number | undefined {
	const value = flags[name];
	return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function textsFlag(flags: FlagValues, name: string): readonly string[] {
	const value = flags[name];
	return Array.isArray(value) ? value : [];
}
