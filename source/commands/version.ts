import type {Client} from '../api/client.js';
import type {DoctorCheck} from '../api/contract.js';
import {otherVersion} from '../api/version.js';

/** Whether command and daemon are of one version, as a check of `sluice doctor`. */
export async function versionCheck(client: Pick<Client, 'daemon'>): Promise<DoctorCheck> {
	const daemon = (await client.daemon()).version;
	const other = otherVersion(daemon);
	return {check: 'version', ok: other === null, message: other ?? `command and daemon: ${daemon}`};
}
