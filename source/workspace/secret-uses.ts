import type {Place, Problem} from '../model/problem.js';
import {databaseKinds} from '../model/source-kind.js';
import type {Problems} from './yaml/problems.js';
import type {Path} from './yaml/yaml-file.js';

/** A secret that a file names, and where. A warning: executions can do without it. */
export type SecretUse = Place & Pick<Problem, 'severity'> & {readonly secret: string};

/** Where a kind of file names secrets: `names` lead to a name or a list of names, `texts` hold `${secret:name}` at any depth. */
export type SecretPlaces = Pick<Problem, 'severity'> & {readonly names: readonly Path[]; readonly texts: readonly Path[]};

/** What webhooks are checked with is left out: it keeps requests out, not executions, and is told with the listener. */
export const runSecretPlaces: SecretPlaces = {
	names: [['secrets'], ...databaseKinds.map((kind) => ['source', kind])],
	texts: [['source']],
};

/** What a run sends when it has ended. */
export const endedSecretPlaces: SecretPlaces = {
	names: [['settings', 'execution_ended_webhook', 'secret']],
	texts: [['settings', 'execution_ended_webhook']],
	severity: 'warning',
};

/** The token of the API is left out: its listener tells. */
export const settingsSecretPlaces: SecretPlaces = {names: [], texts: [['smtp'], ['http']], severity: 'warning'};

export const automationSecretPlaces: SecretPlaces = {
	names: [['action', 'http', 'secret']],
	texts: [['action', 'http']],
	severity: 'warning',
};

/** The secrets that a file names, each once, at the first place that names it. */
export function secretUses({file, yaml}: Pick<Problems, 'file' | 'yaml'>, places: SecretPlaces): readonly SecretUse[] {
	const named = places.names.flatMap((path) => textsAt(valueAt(yaml.root, path), path));
	const filled = places.texts
		.flatMap((path) => textsAt(valueAt(yaml.root, path), path))
		.flatMap(({path, text}) =>
			[...text.matchAll(/\$\{secret:([A-Za-z][A-Za-z0-9_]{0,62})\}/g)].map(([, name = '']) => ({path, text: name})),
		);
	const first = new Map<string, SecretUse>();
	for (const {path, text} of [...named, ...filled]) {
		if (!first.has(text)) first.set(text, {secret: text, file, ...yaml.place(path), ...(places.severity && {severity: places.severity})});
	}
	return [...first.values()];
}

type TextAt = {readonly path: Path; readonly text: string};

function textsAt(value: unknown, path: Path): readonly TextAt[] {
	if (typeof value === 'string') return [{path, text: value}];
	if (typeof value !== 'object' || value === null) return [];
	const members: readonly (readonly [string | number, unknown])[] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
	return members.flatMap(([key, member]) => textsAt(member, [...path, key]));
}

function valueAt(root: unknown, path: Path): unknown {
	return path.reduce<unknown>(
		(value, key) =>
			typeof value === 'object' && value !== null && Object.hasOwn(value, key)
				? (value as Record<string | number, unknown>)[key]
				: undefined,
		root,
	);
}
