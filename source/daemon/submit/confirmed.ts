import {SluiceError} from '../../model/errors.js';
import type {Configuration} from '../configuration/configuration.js';

/**
 * On `environment: production` live runs and cancels name the connector once more (SPEC 13).
 *
 * @throws SluiceError `run.confirm_needed`
 */
export function confirmed({production, settingsKnown}: Configuration, connector: string, confirm: string | null | undefined): void {
	if (!production || confirm === connector) return;
	throw new SluiceError('run.confirm_needed', reason(settingsKnown), {
		expected: `--confirm ${connector}`,
		cure: `Repeat the command with --confirm ${connector}.`,
	});
}

function reason(settingsKnown: boolean): string {
	if (settingsKnown) return 'This workspace is production: name the connector to confirm';
	return 'sluice.yaml is not valid, so this workspace counts as production: name the connector to confirm';
}
