import type {Overrides} from '../keys/bindings.js';
import {nothingYet} from '../live/live.js';
import {screens} from '../screens/all.js';
import {themeFor} from '../theme/themes.js';
import type {App} from './state.js';

export type Beginning = {
	readonly user: string;
	readonly workspaceDir: string;
	readonly folder: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly columns: number;
	readonly rows: number;
	readonly now: number;
	readonly overrides: Overrides;
};

/** The console before anything happened: no screen is open yet. */
export function begin({user, workspaceDir, folder, environment, columns, rows, now, overrides}: Beginning): App {
	return {
		screens,
		overrides,
		stack: [],
		overlay: null,
		message: null,
		live: nothingYet,
		columns,
		rows,
		now,
		theme: themeFor(environment.SLUICE_THEME, environment).name,
		user,
		workspaceDir,
		folder,
		numbers: 0,
		waiting: {},
		remembered: new Map(),
		early: null,
		leaving: false,
	};
}
