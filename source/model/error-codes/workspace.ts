import type {ErrorMeaning} from './meaning.js';

export const workspaceErrors = {
	'workspace.missing': {
		meaning: 'No sluice.yaml here or in any folder above.',
		cure: 'Run `sluice init`, or name the folder with --workspace DIR.',
	},
	'workspace.invalid': {meaning: 'The configuration has problems.', cure: 'Run `sluice validate` to see them all.'},
} as const satisfies Record<string, ErrorMeaning>;
