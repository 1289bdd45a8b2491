import {basename} from 'node:path';
import type {SourceTest} from '../../api/contract.js';
import type {Selected} from '../../engine/protocol.js';
import type {Connector, Source} from '../../model/connector.js';
import {SluiceError} from '../../model/errors.js';
import {nextRuns} from '../clock/next-runs.js';
import {Refused} from '../refused.js';
import type {Services} from '../services.js';
import {freshnessName, sourceLabel, sourceText, tokenFile, tokenOf} from './fingerprints.js';
import {inScratch, isFetched, look, withoutSecrets} from './poll-source.js';
import {type LeftAlone, lookFor, type SourceFile, statOf} from './source-files.js';
import {type QuerySource, type SqlWays, select} from './sql-source.js';
import {type FileConnector, lookAtFiles} from './take-files.js';
import {sameMark} from './url-source.js';

type WithSource = Connector & {readonly source: Source};
type Seen = Pick<SourceTest, 'found' | 'columns' | 'rows'> & {readonly changed: boolean | null};

const rowsShown = 10;
const filesShown = 20;

/**
 * `POST /connectors/:name/source/test`: tries a source as its next tick would, credentials, freshness and the first rows, and leaves
 * nothing behind: nothing is taken, remembered or written down (SPEC 13).
 *
 * @param gone ends it: who asked does not wait any more
 * @throws SluiceError with the reason and the cure, secrets hidden
 */
export async function testSource(services: Services, name: string, gone: AbortSignal): Promise<SourceTest> {
	const {configuration, control, vault} = services;
	await configuration.refresh();
	const {connector, problems} = configuration.entry(name);
	if (!connector)
		throw new Refused('workspace.invalid', `The configuration of ${name} has problems`, {problems}, {expected: problems[0]?.message});
	const {source, schedule} = connector;
	if (!source) {
		throw new SluiceError('source.failed', `The connector ${name} has no source`, {
			expected: 'source, with file, url, sql or a database',
			cure: `Add one to connectors/${name}/connector.yaml.`,
		});
	}
	try {
		const seen = await seenOf(services, {...connector, source}, gone);
		const {changedAt} = control.sources.memory(name, sourceText(source));
		return {
			connector: name,
			kind: 'file' in source ? 'file' : 'url' in source ? 'url' : 'sql' in source ? 'sql' : source.database,
			source: sourceLabel(source),
			found: seen.found,
			freshness: {by: freshnessName(source), changed: seen.changed, since: changedAt},
			columns: seen.columns,
			rows: seen.rows,
			next_runs: nextRuns(schedule, configuration.locale.timezone, new Date(), 5),
		};
	} catch (error) {
		throw withoutSecrets(error, vault);
	}
}

function seenOf(services: Services, connector: WithSource, gone: AbortSignal): Promise<Seen> {
	if (!isFetched(connector)) return testFiles(services, connector as FileConnector);
	return inScratch(services, async (scratch) => {
		const {source, apiName} = connector;
		const {mark: before} = services.control.sources.memory(apiName, sourceText(source));
		if (!('url' in source) && source.freshness !== 'checksum')
			return await services.looks.during(apiName, gone, (stopping) =>
				testQuery(services, {...connector, source}, before, {scratch, stopping}),
			);
		const found = await look(services, connector, null, scratch, {tries: 1, stopping: gone});
		if (!found.changed) throw new SluiceError('source.failed', 'The source gave nothing, although nothing was compared');
		const file = await statOf(found.input.path);
		const changed = found.mark === null ? null : before === null || !sameMark(found.mark, before);
		const listed = file ? [shown({...file, name: found.input.name}, changed === false ? 'taken' : 'new')] : [];
		return {found: listed, changed, ...(await firstRows(services, connector, found.input, scratch))};
	});
}

/** Not all of a query's rows are fetched for the sake of the first ones. */
async function testQuery(
	services: Services,
	connector: Connector & {readonly source: QuerySource},
	before: string | null,
	place: Pick<SqlWays, 'scratch' | 'stopping'>,
): Promise<Seen> {
	const {vault, tasks, configuration} = services;
	const {source} = connector;
	const {timezone} = configuration.locale;
	const ways = {connector, vault, tasks, limits: configuration.workspace.settings.limits, timezone, ...place};
	const {freshness} = source;
	let changed: boolean | null = null;
	if (freshness !== null && typeof freshness === 'object' && 'maxTimestamp' in freshness) {
		const {rows} = await select(source, 'max_timestamp', null, 1, ways);
		changed = JSON.stringify(rows[0]?.[0] ?? null) !== before;
	}
	return {found: [], changed, ...asObjects(await select(source, 'rows', null, rowsShown, ways))};
}

async function testFiles(services: Services, connector: FileConnector): Promise<Seen> {
	const {source} = connector;
	const {freshness} = source;
	const {files: all, leftAlone} = await lookFor(source.file);
	if (all.length === 0 && leftAlone.length === 0) {
		throw new SluiceError('run.input_missing', 'The source holds no file', {
			where: source.file,
			cure: 'Put one there, or correct the path under source.file.',
		});
	}
	if (freshness !== null && typeof freshness === 'object' && 'changeToken' in freshness)
		await requireToken(tokenFile(source.file, freshness.changeToken));
	const {whole, unfinished} = await lookAtFiles(services, connector, 'show');
	const states = new Map<string, SourceTest['found'][number]['state']>([
		...whole.map(({path}) => [path, 'new'] as const),
		...unfinished.map(({path, lacks}) => [path, lacks === 'rest' ? 'being written' : 'without its marker'] as const),
	]);
	const stateOf = ({path}: SourceFile) => states.get(path) ?? 'taken';
	const first = whole[0] ?? unfinished[0] ?? all.at(-1);
	const head = first ? await inScratch(services, (scratch) => firstRows(services, connector, first, scratch)) : {columns: [], rows: []};
	const found = [
		...all.slice(-filesShown).map((file) => shown(file, stateOf(file))),
		...leftAlone.slice(0, filesShown).map(shownLeftAlone),
	];
	return {found, changed: states.size > 0, ...head};
}

async function requireToken(file: string): Promise<void> {
	if ((await tokenOf(file)) !== null) return;
	throw new SluiceError('source.failed', 'The file whose content tells of changes is not there', {
		where: file,
		cure: 'It is looked for beside the source: correct its name under source.freshness.change_token.',
	});
}

function shown({name, sizeBytes, modifiedMs}: SourceFile, state: SourceTest['found'][number]['state']): SourceTest['found'][number] {
	return {name, bytes: sizeBytes, modified_at: new Date(modifiedMs).toISOString(), state};
}

/** Nothing of it is looked at: it is of no size and no time. */
function shownLeftAlone({path, is}: LeftAlone): SourceTest['found'][number] {
	return {name: basename(path), bytes: 0, modified_at: new Date(0).toISOString(), state: `${is}: left alone`};
}

async function firstRows(
	services: Services,
	{apiName, read}: Pick<Connector, 'apiName' | 'read'>,
	{path, name}: {path: string; name: string},
	scratch: string,
): Promise<Pick<Seen, 'columns' | 'rows'>> {
	const {limits} = services.configuration.workspace.settings;
	await services.readers.ask(apiName, 'check', {path, name, maxInputBytes: limits.maxInputBytes, read, needed: []});
	return asObjects(
		(await services.tasks.run({task: 'peek', folder: scratch, input: {path, name}, read, rows: rowsShown, limits})) as Selected,
	);
}

function asObjects({columns, rows}: Selected): Pick<Seen, 'columns' | 'rows'> {
	return {columns, rows: rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null])))};
}
