import {SluiceError} from '../../model/errors.js';
import type {Configuration} from '../configuration/configuration.js';

/**
 * On `environment: production` live runs and cancels name the connector once more (SPEC 13).
 *
 * @throws SluiceError `run.confirm_needed`
 */
export function confirmed({production}: Configuration, connector: string, confirm: string | null | undefined): void {
	if (!production || confirm === connector) return;
	throw new SluiceError('run.confirm_needed', 'This workspace is production: name the connector to confirm', {
		expected: `--confirm ${connector}`,
		cure: `Repeat the command with --confirm ${connector}.`,
	});
}
