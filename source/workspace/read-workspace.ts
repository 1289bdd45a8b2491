import {resolve} from 'node:path';
import type {Automation} from '../model/automation.js';
import {SluiceError} from '../model/errors.js';
import type {ObjectDefinition} from '../model/object.js';
import type {Place, Problem} from '../model/problem.js';
import {type ConnectorEntry, readConnector} from './connector/read-connector.js';
import {type Exposure, exposureOf} from './exposure.js';
import {isFile, namesIn, readYamlFile} from './files.js';
import {brokenObjects} from './object/broken-objects.js';
import {type ObjectEntry, readObject} from './object/read-object.js';
import {readAutomation} from './read-automation.js';
import type {ReferenceIndex} from './references.js';
import {apiNamePattern, apiNameShape} from './schema/text.js';
import {automationSecretPlaces, type SecretUse, secretUses, settingsSecretPlaces} from './secret-uses.js';
import {readSettings, type WorkspaceSettings} from './settings.js';
import {Problems, type Wrong} from './yaml/problems.js';
import {parseYaml} from './yaml/yaml-file.js';

export type {ConnectorEntry} from './connector/read-connector.js';
export type {WorkspaceSettings} from './settings.js';

/**
 * Where the settings come from: the file; the last valid file, where the file is not valid now; or nowhere, where no valid one is known.
 * Settings of no origin are defaults, which nothing may run with (SPEC 10).
 */
export type SettingsOrigin = 'file' | 'last_valid' | 'none';

/** Everything the configuration says, as far as it can be used, and everything that is wrong with it. */
export type Workspace = {
	/** Absolute. */
	readonly dir: string;
	readonly settings: WorkspaceSettings;
	readonly settingsOrigin: SettingsOrigin;
	/** The text of `sluice.yaml` where it is valid, to be remembered. */
	readonly validSettingsText: string | null;
	/** The objects without problems, by name. */
	readonly objects: readonly ObjectDefinition[];
	/** Where each field of an object's file stands, by `<object>.<field>`. */
	readonly fieldPlaces: ReadonlyMap<string, Place>;
	/** Every folder of `connectors/`, by name; each with its own problems. */
	readonly connectors: readonly ConnectorEntry[];
	/** The automations without problems, by name. */
	readonly automations: readonly Automation[];
	/** What is wrong outside of `connectors/`: in `sluice.yaml`, objects and automations. */
	readonly problems: readonly Problem[];
	/** The secrets that `sluice.yaml` and automations name. */
	readonly secretUses: readonly SecretUse[];
};

export type Reading = {
	/** The settings in force: they stay while `sluice.yaml` is not valid, or others may write it. */
	readonly before?: WorkspaceSettings | undefined;
	/** The text of the last valid `sluice.yaml`, where an earlier process remembered it. */
	readonly lastValidText?: string | null;
	/** The number of a group that may write the files besides their owner; null where there is no such group. */
	readonly groupIdOf?: (group: string) => Promise<number | null>;
	/** Connectors as they were last read whose files, and all they refer to, are as they were: those without problems are not read again. */
	readonly kept?: ReadonlyMap<string, ConnectorEntry>;
};

/**
 * Reads a workspace's files (SPEC 2) and checks them against one another. All problems come at once, each with its place.
 *
 * @throws SluiceError `workspace.missing` where the folder holds no `sluice.yaml`; `workspace.open_to_others` where others may write that and
 * nothing is known from before
 */
export async function readWorkspace(
	folder: string,
	{before, lastValidText = null, groupIdOf = async () => null, kept}: Reading = {},
): Promise<Workspace> {
	const dir = resolve(folder);
	if (!(await isFile(`${dir}/sluice.yaml`))) {
		throw new SluiceError('workspace.missing', 'This is no workspace: there is no sluice.yaml', {
			where: dir,
			expected: 'a folder with sluice.yaml',
		});
	}
	// why no group here: who may write this file could let itself in
	const sluice = await readYamlFile(dir, 'sluice.yaml', exposureOf(dir, {groupId: null}));
	const open = sluice.all.find(({code}) => code === 'workspace.open_to_others');
	if (open && !before)
		throw new SluiceError('workspace.open_to_others', open.message, {where: `${dir}/sluice.yaml`, cure: `Run: ${open.expected}`});
	const read = readSettings(dir, sluice);
	const lastValid = before ?? settingsOfText(dir, lastValidText);
	if (sluice.all.length === 0 && isBlank(sluice.text) && !isBlank(lastValidText ?? '')) sluice.at([], emptied);
	const isValid = sluice.all.length === 0;
	const settings = isValid ? read : (lastValid ?? read);
	const groupId = settings.access ? await groupIdOf(settings.access.group) : null;
	const exposure = exposureOf(dir, {groupId});
	const misnamed: Problem[] = [];
	const objectFiles = await yamlFiles(dir, 'objects', misnamed, exposure);
	const objectNames = [...objectFiles.keys()];
	const objects = new Map<string, ObjectEntry>();
	for (const [name, problems] of objectFiles) objects.set(name, readObject(name, problems, objectNames));
	const automationFiles = await yamlFiles(dir, 'automations', misnamed, exposure);
	const targets = new Map([...automationFiles].map(([name, {yaml}]) => [name, targetOf(yaml.root)]));
	const world: ReferenceIndex = {dir, exposure, objects, broken: brokenObjects(objects), automations: targets};
	const automations = [...automationFiles].flatMap(([name, problems]) => readAutomation(name, problems, world) ?? []);
	const folders = await connectorFolders(dir, misnamed);
	const connectors: ConnectorEntry[] = [];
	// One after the other, so that others are answered in between.
	for (const name of folders) {
		const known = kept?.get(name);
		connectors.push(known?.problems.length === 0 ? known : await readConnector(name, world));
	}
	return {
		dir,
		settings,
		settingsOrigin: isValid ? 'file' : lastValid ? 'last_valid' : 'none',
		validSettingsText: isValid ? sluice.text : null,
		objects: [...objects.values()].flatMap(({draft, problems}) => (draft && problems.length === 0 ? [draft] : [])),
		fieldPlaces: new Map(
			[...objects.values()].flatMap(({apiName, fieldPlaces}) =>
				[...fieldPlaces].map(([field, place]) => [`${apiName}.${field}`, place] as const),
			),
		),
		connectors,
		automations,
		problems: [sluice, ...objectFiles.values(), ...automationFiles.values()].flatMap(({all}) => all).concat(misnamed),
		secretUses: [
			...secretUses(sluice, settingsSecretPlaces),
			...[...automationFiles.values()].flatMap((file) => secretUses(file, automationSecretPlaces)),
		],
	};
}

/** An editor or a full disk can leave an empty file: that is no reason to fall back to the defaults of a workspace that had settings. */
const emptied: Wrong = {code: 'workspace.wrong_value', message: 'This file is empty, and was not before', expected: 'name: …'};

function isBlank(text: string): boolean {
	return text.trim() === '';
}

/** The settings of a text that was valid when it was remembered; null where there is none, or it is not valid any more. */
function settingsOfText(dir: string, text: string | null): WorkspaceSettings | null {
	if (text === null) return null;
	const problems = new Problems('sluice.yaml', parseYaml(text), text);
	const settings = readSettings(dir, problems);
	return problems.all.length === 0 ? settings : null;
}

/** The YAML files of a folder by the api name that their name is. What is not named so is a problem, and not read. */
async function yamlFiles(dir: string, folder: string, misnamed: Problem[], exposure: Exposure): Promise<ReadonlyMap<string, Problems>> {
	const names: string[] = [];
	for (const {name, isFolder} of await namesIn(`${dir}/${folder}`)) {
		if (isFolder || !/\.ya?ml$/i.test(name)) continue;
		const apiName = name.replace(/\.ya?ml$/i, '');
		if (isUsable(apiName, `${folder}/${name}`, name.endsWith('.yaml') ? null : `${apiName}.yaml`, misnamed)) names.push(apiName);
	}
	const files = new Map<string, Problems>();
	for (const name of names) files.set(name, await readYamlFile(dir, `${folder}/${name}.yaml`, exposure));
	return files;
}

async function connectorFolders(dir: string, misnamed: Problem[]): Promise<readonly string[]> {
	const folders = (await namesIn(`${dir}/connectors`)).filter(({isFolder}) => isFolder);
	return folders.flatMap(({name}) => (isUsable(name, `connectors/${name}/connector.yaml`, null, misnamed) ? [name] : []));
}

/** @param rightName what the file should be called, where only its ending is wrong */
function isUsable(apiName: string, file: string, rightName: string | null, misnamed: Problem[]): boolean {
	if (rightName === null && apiNamePattern.test(apiName)) return true;
	const message = rightName === null ? `"${apiName}" is not an api_name` : 'This file is not read: its name must end in .yaml';
	misnamed.push({file, line: 1, column: 1, code: 'workspace.bad_name', message, expected: rightName ?? apiNameShape});
	return false;
}

/** The object an automation says it is for, whatever else is wrong with it. */
function targetOf(root: unknown): string | null {
	const object = typeof root === 'object' && root !== null ? (root as Record<string, unknown>).object : undefined;
	return typeof object === 'string' ? object : null;
}
