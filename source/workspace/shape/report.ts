import {nearest} from '../../model/nearest.js';
import {type Problems, unknownName, type Wrong} from '../yaml/problems.js';
import type {Path} from '../yaml/yaml-file.js';
import type {Shaped} from './shape.js';

/** Says what is wrong with a file whose shape was checked, by the paths of its value. */
export type Report = {
	/** A problem of the value at `path`. Always returns false, so that a check can end with it. */
	at(path: Path, wrong: Wrong): false;
	/** One of `keys` is missing at `path`; not told where one of them stands there wrong or misspelt, which was told already. */
	lack(path: Path, keys: readonly string[], wrong: Wrong): false;
	/** A problem of the key that `path` ends with. */
	atKey(path: Path, wrong: Wrong): false;
	/** A name that is not among the known ones. */
	unknown(path: Path, kind: string, found: string, known: readonly string[]): false;
	/** A scalar as it was typed. */
	text(path: Path, value: string | number | boolean): string;
};

/** @param shaped whose paths are used from here on */
export function reportOn(problems: Problems, shaped: Pick<Shaped<unknown>, 'sourceOf' | 'leftOut'>): Report {
	const at = (path: Path, wrong: Wrong): false => {
		problems.at(shaped.sourceOf(path), wrong);
		return false;
	};
	return {
		at,
		lack: (path, keys, wrong) => {
			const meant = shaped.leftOut(path).some((key) => nearest(key, keys) !== undefined);
			return meant ? false : at(path, wrong);
		},
		atKey: (path, wrong) => {
			problems.atKey(shaped.sourceOf(path), wrong);
			return false;
		},
		unknown: (path, kind, found, known) => at(path, unknownName(`There is no ${kind} "${found}"`, found, known, `no ${kind} exists yet`)),
		text: (path, value) => problems.yaml.textAt(shaped.sourceOf(path)) ?? String(value),
	};
}
