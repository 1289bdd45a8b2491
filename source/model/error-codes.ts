import {daemonErrors} from './error-codes/daemon.js';
import {intakeErrors} from './error-codes/intake.js';
import {loadErrors} from './error-codes/load.js';
import {reportErrors} from './error-codes/report.js';
import {sourceErrors} from './error-codes/sources.js';
import {sqlErrors} from './error-codes/sql.js';
import {storeErrors} from './error-codes/store.js';
import {variablesErrors} from './error-codes/variables.js';
import {webhookErrors} from './error-codes/webhooks.js';
import {workspaceErrors} from './error-codes/workspace.js';

/**
 * Every stable error code with its general meaning and cure; `docs/reference/errors.md` is generated from it.
 * A code is `<room>.<what>`; once published it never changes its meaning.
 */
export const errorCodes = {
	internal: {
		meaning: 'Something happened that nobody foresaw.',
		cure: 'Run the command again; if it stays, report it with the log in .sluice/log.',
	},
	...workspaceErrors,
	...intakeErrors,
	...sqlErrors,
	...variablesErrors,
	...loadErrors,
	...storeErrors,
	...reportErrors,
	...daemonErrors,
	...webhookErrors,
	...sourceErrors,
} as const;

export type ErrorCode = keyof typeof errorCodes;
