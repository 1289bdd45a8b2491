import {nearest} from '../model/nearest.js';
import type {Report} from './shape/report.js';
import type {Path} from './yaml/yaml-file.js';

const known = new Map<string, boolean>();

/** Whether the name is a time zone of the IANA database, aliases included. */
export function isTimezone(name: string): boolean {
	let answer = known.get(name);
	if (answer === undefined) {
		answer = /^[A-Za-z]/.test(name) && isAccepted(name);
		// why: the names come from files anybody may edit for months while the daemon stays up.
		if (known.size > 1000) known.clear();
		known.set(name, answer);
	}
	return answer;
}

function isAccepted(timeZone: string): boolean {
	try {
		new Intl.DateTimeFormat('en', {timeZone});
		return true;
	} catch {
		return false;
	}
}

export function checkTimezone(name: string | undefined, path: Path, report: Report): void {
	if (name === undefined || isTimezone(name)) return;
	const close = nearest(name, ['UTC', ...Intl.supportedValuesOf('timeZone')]);
	report.at(path, {
		code: 'workspace.wrong_value',
		message: `"${name}" is not a time zone${close ? `. Did you mean "${close}"?` : ''}`,
		expected: 'a name of the IANA database, such as Europe/Paris or UTC',
	});
}
