import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {join} from 'node:path';
import type {Connector, Source} from '../../model/connector.js';
import {SluiceError, toSluiceError} from '../../model/errors.js';
import {diskTroubleOf} from '../../platform/disk-trouble.js';
import {networkOf} from '../outgoing/network.js';
import {allSecrets} from '../secrets/all-secrets.js';
import {redactError} from '../secrets/redact-error.js';
import type {Services} from '../services.js';
import {fetchRows, type QuerySource} from './sql-source.js';
import type {Look} from './types.js';
import {fetchUrl, type Patience, type UrlSource} from './url-source.js';

export type FetchedConnector = Connector & {readonly source: UrlSource | QuerySource};

/**
 * Looks at a source of an address or a query, once. What it brings lies in `scratch`.
 *
 * @param before what was remembered when it was last taken; null: it is taken whatever it holds
 * @throws SluiceError without any secret in it
 */
export async function look(
	{vault, tasks, configuration, looks}: Services,
	connector: FetchedConnector,
	before: string | null,
	scratch: string,
	patience?: Patience,
): Promise<Look> {
	const {settings} = configuration.workspace;
	const {limits, httpAllowHosts: allowHosts} = settings;
	const {source} = connector;
	try {
		return await looks.during(connector.apiName, patience?.stopping, async (stopping) => {
			if (!('url' in source))
				return await fetchRows(source, before, {
					connector,
					vault,
					tasks,
					limits,
					timezone: configuration.locale.timezone,
					scratch,
					stopping,
				});
			const network = networkOf(settings, vault);
			return await fetchUrl(source, before, {vault, limits, allowHosts, network, scratch, patience: {...patience, stopping}});
		});
	} catch (error) {
		throw diskTroubleOf(error) ? error : withoutSecrets(error, vault);
	}
}

/** An error as it may be kept and shown. */
export function withoutSecrets(error: unknown, vault: Services['vault']): SluiceError {
	const failure = toSluiceError(error);
	const cleared = redactError(failure.toJSON(), allSecrets(vault));
	return cleared ? SluiceError.from(cleared) : failure;
}

/** Does `work` in a folder of its own, which is gone afterwards. */
export async function inScratch<Result>({paths}: Pick<Services, 'paths'>, work: (folder: string) => Promise<Result>): Promise<Result> {
	await mkdir(paths.tasks, {recursive: true, mode: 0o700});
	const folder = await mkdtemp(join(paths.tasks, 'source-'));
	try {
		return await work(folder);
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

export function isFetched(connector: Connector & {readonly source: Source}): connector is FetchedConnector {
	return !('file' in connector.source);
}
