import {notAPath} from '../../model/address-scheme.js';
import type {Report} from '../shape/report.js';
import type {Path} from '../yaml/yaml-file.js';

/** Tells an address such as `s3://…` where a path belongs: as a path it would be a local folder named `s3:`. */
export function checkLocalPath(text: string, path: Path, report: Report, expected = 'a path on this machine'): void {
	const address = notAPath(text);
	if (address === null) return;
	report.at(path, {code: 'workspace.wrong_value', message: `This is ${address}, not a path`, expected});
}
