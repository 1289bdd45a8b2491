import {type Connector, type ConnectorType, connectorTypes} from '../../model/connector.js';
import type {Place, Problem} from '../../model/problem.js';
import {readYamlFile} from '../files.js';
import {ObjectMentions, type ReferenceIndex} from '../references.js';
import {type ConnectorInput, connectorSchema} from '../schema/connector-schema.js';
import {endedSecretPlaces, runSecretPlaces, type SecretUse, secretUses} from '../secret-uses.js';
import {type Report, reportOn} from '../shape/report.js';
import {type Shaped, shape} from '../shape/shape.js';
import type {Problems} from '../yaml/problems.js';
import {buildExport, checkOperation} from './build-export.js';
import {buildImport} from './build-import.js';
import {buildRead} from './build-read.js';
import {buildReferenceData} from './build-reference-data.js';
import {buildSchedule} from './build-schedule.js';
import {buildSettings} from './build-settings.js';
import {readConnectorFiles} from './connector-files.js';
import type {ConnectorParts} from './connector-parts.js';
import {scheduleHints} from './schedule-hints.js';
import {webhookHints} from './webhook-hints.js';

/** A connector's files as far as they could be read. */
export type ConnectorEntry = {
	/** The folder's name. */
	readonly apiName: string;
	/** The name and kind that stand in the file, there even while problems keep it from being used. */
	readonly name: string;
	readonly kind: ConnectorType | 'export' | null;
	/** Null where problems make it unusable. A sample file that is not there does not: a dry run can be given another file. */
	readonly connector: Connector | null;
	readonly problems: readonly Problem[];
	/** What activation still needs, each in words (SPEC 10); empty when nothing is missing. */
	readonly missing: readonly string[];
	/** Where it says how callers of a webhook prove themselves, or where it would. */
	readonly authPlace: Place;
	/** Where it names its sample file, or would. */
	readonly samplePlace: Place;
	/** The secrets that an execution, its source or what it sends cannot do without. */
	readonly secretUses: readonly SecretUse[];
	/** What is right and may be meant otherwise. */
	readonly hints: readonly Problem[];
};

/** Reads `connectors/<api_name>` and checks it against the rest of the workspace (SPEC 2.2). All problems come at once. */
export async function readConnector(apiName: string, world: ReferenceIndex): Promise<ConnectorEntry> {
	const problems = await readYamlFile(world.dir, `connectors/${apiName}/connector.yaml`, world.exposure);
	const isThere = problems.all.every(({code}) => code !== 'workspace.unreadable' && code !== 'workspace.open_to_others');
	const shaped = isThere ? shape(connectorSchema, problems) : null;
	if (shaped === null)
		return {
			apiName,
			name: problems.yaml.textAt(['name'])?.trim() || apiName,
			kind: kindAsTyped(problems),
			connector: null,
			problems: problems.all,
			missing: [],
			...placesOf(problems),
		};
	return checkConnector(apiName, world, problems, shaped);
}

async function checkConnector(
	apiName: string,
	world: ReferenceIndex,
	problems: Problems,
	shaped: Shaped<ConnectorInput>,
): Promise<ConnectorEntry> {
	const {value} = shaped;
	const {root} = problems.yaml;
	const report = reportOn(problems, shaped);
	const mentions = new ObjectMentions(world, report);
	checkOperation(value, root, report);
	const files = await readConnectorFiles(world, apiName, value, report);
	const parts: ConnectorParts = {value, shaped, files, mentions, root, report};
	const isExport = value.operation === 'export';
	if (value.object !== undefined) mentions.find(value.object, ['object']);
	const {loads, missing} = isExport ? {loads: noLoads, missing: []} : buildImport(parts, world.dir);
	const target = isExport ? buildExport(value.export, {dir: world.dir, apiName, sqlFile: files.exportSql, mentions, report}) : null;
	const exported = target && 'object' in target.from ? target.from.object : null;
	const connector: Connector = {
		apiName,
		name: value.name ?? apiName,
		description: value.description ?? null,
		operation: value.operation,
		type: isExport ? null : (value.type ?? null),
		object: value.object ?? exported ?? loads.loadSteps[0]?.object ?? null,
		sampleFile: isExport ? null : files.sampleFile,
		read: buildRead(value, report),
		sql: files.sql,
		sqlParameters: Object.fromEntries(
			Object.entries(value.sql_parameters).map(([name, parameter]) => [name, report.text(['sql_parameters', name], parameter)]),
		),
		secrets: value.secrets,
		referenceData: buildReferenceData(value.reference_data, mentions, report),
		...loads,
		diffCheck: value.diff_check,
		settings: buildSettings(value, report),
		schedule: buildSchedule(value.schedule, report),
		export: target,
		engine: engineOf(value, report),
	};
	const harmless = files.sampleFile !== null && !files.sampleExists && !isExport ? 1 : 0;
	return {
		apiName,
		name: connector.name,
		kind: isExport ? 'export' : connector.type,
		connector: problems.all.length > harmless ? null : connector,
		problems: problems.all,
		missing,
		...placesOf(problems),
	};
}

/** What a file that cannot be read as a whole says it is. */
function kindAsTyped({yaml}: Problems): ConnectorEntry['kind'] {
	if (yaml.textAt(['operation']) === 'export') return 'export';
	const typed = yaml.textAt(['type']);
	return connectorTypes.find((type) => type === typed) ?? null;
}

/** Each secret once: what a run cannot do without goes before what it sends. */
function usesOf(problems: Problems): readonly SecretUse[] {
	const needed = secretUses(problems, runSecretPlaces);
	const names = new Set(needed.map(({secret}) => secret));
	return [...needed, ...secretUses(problems, endedSecretPlaces).filter(({secret}) => !names.has(secret))];
}

function placesOf(problems: Problems): Pick<ConnectorEntry, 'authPlace' | 'samplePlace' | 'secretUses' | 'hints'> {
	const {file, yaml} = problems;
	return {
		authPlace: {file, ...yaml.place(['webhook', 'auth'])},
		samplePlace: {file, ...yaml.place(['sample_file'])},
		secretUses: usesOf(problems),
		hints: [...scheduleHints(problems), ...webhookHints(problems)],
	};
}

/** What an export leaves empty. */
const noLoads: Pick<Connector, 'variables' | 'additionalVariables' | 'loadSteps' | 'source' | 'webhook'> = {
	variables: [],
	additionalVariables: [],
	loadSteps: [],
	source: null,
	webhook: null,
};

/** `engine: 26.70` means that text, although YAML reads a number. */
function engineOf({engine}: ConnectorInput, report: Report): string | null {
	if (engine === undefined) return null;
	const text = report.text(['engine'], engine);
	if (!/^\d+(\.\d+){0,3}$/.test(text)) {
		report.at(['engine'], {
			code: 'workspace.wrong_value',
			message: `"${text}" is not a version of the engine`,
			expected: 'digits and dots, such as "26.7"',
		});
	}
	return text;
}
