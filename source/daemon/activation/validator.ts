import {stat} from 'node:fs/promises';
import {basename} from 'node:path';
import {neededColumns} from '../../engine/intake/needed-columns.js';
import {readingOf} from '../../engine/intake/reading.js';
import type {Answer, Ask} from '../../engine/reader/protocol.js';
import type {Connector} from '../../model/connector.js';
import {type SluiceError, toSluiceError} from '../../model/errors.js';
import type {NamedColumn} from '../../model/named-column.js';
import type {Place, Problem} from '../../model/problem.js';
import {failpoint} from '../../platform/failpoint.js';
import {redactedTexts} from '../../text/redaction.js';
import type {Configuration} from '../configuration/configuration.js';
import type {Control} from '../control/control.js';
import type {ShortTasks} from '../dispatch/short-tasks.js';
import type {Readers} from '../reader/readers.js';
import {connectorSecrets} from '../secrets/connector-secrets.js';
import type {Vault} from '../secrets/vault.js';
import {engineVersion, sqlOf, validationFingerprint} from './fingerprint.js';

type ValidatorDependencies = {
	readonly control: Control;
	readonly configuration: Configuration;
	readonly tasks: ShortTasks;
	readonly readers: Readers;
	readonly vault: Vault;
	/** Hears when something became known about a connector. */
	validated(connector: string): void;
};

type RememberedColumns = {readonly fingerprint: string; readonly columns: readonly NamedColumn[]};

function factOf(connector: string): string {
	return `columns that SQL names: ${connector}`;
}

/** Runs SQL on samples and remembers what came out, for exactly what was run (SPEC 5.6). */
export class Validator {
	readonly #needs: ValidatorDependencies;
	readonly #engine = engineVersion();
	readonly #running = new Map<string, Promise<readonly Problem[]>>();
	/** The last fingerprint of each connector: what `known` answers for, without touching a disk. */
	readonly #current = new Map<string, string>();

	constructor(needs: ValidatorDependencies) {
		this.#needs = needs;
	}

	/** What is remembered for the connector as it stood at the last look; null when nothing is. */
	known(connector: Connector): readonly Problem[] | null {
		const fingerprint = this.#current.get(connector.apiName);
		const remembered = fingerprint === undefined ? null : this.#needs.control.validations.recall(connector.apiName, fingerprint);
		return remembered && this.#placed(remembered, connector);
	}

	/** The columns that the SQL cannot do without, as far as running it on the sample showed; none while it was never validated as it stands. */
	columnsOf({apiName}: Connector): readonly NamedColumn[] {
		const remembered = this.#needs.control.facts.recall(factOf(apiName));
		if (remembered === null) return [];
		const {fingerprint, columns} = JSON.parse(remembered) as RememberedColumns;
		return fingerprint === this.#current.get(apiName) ? columns : [];
	}

	#rememberColumns({apiName}: Connector, fingerprint: string, columns: readonly NamedColumn[]): void {
		const remembered: RememberedColumns = {fingerprint, columns};
		this.#needs.control.facts.remember(factOf(apiName), JSON.stringify(remembered));
	}

	/** Looks which fingerprint the connector has now. To be called whenever its files have changed. */
	async look(connector: Connector): Promise<string> {
		const {objects} = this.#needs.configuration.workspace;
		const fingerprint = validationFingerprint(
			connector,
			objects,
			this.#engine,
			await markOfSample(connector.sampleFile),
			connector.secrets.map((name) => this.#markOfSecret(name)),
		);
		this.#current.set(connector.apiName, fingerprint);
		return fingerprint;
	}

	/** What was remembered of the sample, where the sample is named now. */
	#placed(problems: readonly Problem[], {apiName}: Connector): readonly Problem[] {
		const place = this.#needs.configuration.find(apiName)?.samplePlace;
		return problems.map((problem) => (place && problem.code.startsWith('intake.') ? {...problem, ...place} : problem));
	}

	/** The store of secrets may be one that does not open, which is told where the secret is named. */
	#markOfSecret(name: string): string | null {
		try {
			return this.#needs.vault.mark(name);
		} catch {
			return 'unreadable';
		}
	}

	/** The problems of running it on its sample: remembered ones, or by running it now. `again` runs it in any case. */
	async validate(connector: Connector, {again = false} = {}): Promise<readonly Problem[]> {
		const fingerprint = await this.look(connector);
		const {control, validated} = this.#needs;
		const remembered = again ? null : control.validations.recall(connector.apiName, fingerprint);
		if (remembered) return this.#placed(remembered, connector);
		const key = `${connector.apiName} ${fingerprint}`;
		const running = this.#running.get(key) ?? this.#run(connector, fingerprint).finally(() => this.#running.delete(key));
		this.#running.set(key, running);
		const problems = await running;
		failpoint('daemon.validation.before');
		control.validations.remember(connector.apiName, fingerprint, problems);
		failpoint('daemon.validation.after');
		validated(connector.apiName);
		return problems;
	}

	async #run(connector: Connector, fingerprint: string): Promise<readonly Problem[]> {
		const {configuration, tasks, readers, vault} = this.#needs;
		const {settings, objects} = configuration.workspace;
		const {secrets, redact} = connectorSecrets(vault, connector);
		const place = configuration.find(connector.apiName)?.samplePlace ?? connectorPlace(connector);
		const sample = {readers, connector, maxInputBytes: settings.limits.maxInputBytes, place};
		try {
			if (!sqlOf(connector)) return await tasks.inFolder((folder) => wholeSample(sample, folder));
			const result = await tasks.runInFolder((folder) => ({
				task: 'validate',
				folder,
				storeFile: settings.storeFile,
				connector,
				objects,
				limits: settings.limits,
				locale: configuration.locale,
				secrets,
			}));
			const {rows = null, columns = []} = (result ?? {}) as {readonly rows?: number; readonly columns?: readonly NamedColumn[]};
			this.#rememberColumns(connector, fingerprint, columns);
			return redactedTexts([...withoutRows(rows, sample), ...(await headOfSample(sample))], redact);
		} catch (error) {
			const failure = toSluiceError(error);
			// A task that was killed, or never began, says nothing about the SQL, and must not be remembered as if it did.
			if (/^(task\.failed|task\.stopped|internal|daemon\.stopping|state\..*)$/.test(failure.code)) throw failure;
			return [asProblem(failure, {connector, place}, redact)];
		}
	}
}

/** An error as a problem at its place: `where` is `file:line:column` or less of it; what is wrong with the sample is told where it is named. */
function asProblem(
	{code, message, where, expected, cure}: SluiceError,
	{connector, place}: Pick<Sample, 'connector' | 'place'>,
	redact: (text: string) => string,
): Problem {
	const [, file, line, column] = /^(.*?)(?::(\d+))?(?::(\d+))?$/.exec(where ?? '') ?? [];
	const inScript = {
		file: file && where?.includes(':') ? file : (sqlOf(connector)?.file ?? connectorPlace(connector).file),
		line: Number(line ?? 1),
		column: Number(column ?? 1),
	};
	const isOfSample = code.startsWith('intake.') || (where !== undefined && where === connector.sampleFile);
	return redactedTexts({...(isOfSample ? place : inScript), code, message, expected: expected ?? cure ?? null}, redact);
}

type Sample = {readonly readers: Readers; readonly connector: Connector; readonly maxInputBytes: number; readonly place: Place};

function connectorPlace({apiName}: Connector): Place {
	return {file: `connectors/${apiName}/connector.yaml`, line: 1, column: 1};
}

/**
 * What the head of the sample shows: whether it can be read, and whether it has the columns that variables name.
 *
 * @returns warnings
 */
async function headOfSample({readers, connector, maxInputBytes, place}: Sample): Promise<readonly Problem[]> {
	const needs = needsOf(connector, maxInputBytes);
	return needs === null ? [] : placeProblems(await readers.ask(connector.apiName, 'check', needs), place);
}

/**
 * What the whole sample shows. One that cannot be read to its end within the bounds of a look at a file is judged by its head: a run has no
 * such bounds.
 *
 * @param folder of its own, for the pages
 */
async function wholeSample(sample: Sample, folder: string): Promise<readonly Problem[]> {
	const {readers, connector, maxInputBytes, place} = sample;
	const needs = needsOf(connector, maxInputBytes);
	if (needs === null) return [];
	try {
		const {warnings, rows} = await readers.ask(connector.apiName, 'sample', {...needs, folder});
		return [...withoutRows(rows, sample), ...placeProblems(warnings, place)];
	} catch (error) {
		if (toSluiceError(error).code !== 'intake.too_costly') throw error;
		return await headOfSample(sample);
	}
}

function needsOf(connector: Connector, maxInputBytes: number): Ask<'check'> | null {
	const {sampleFile: path} = connector;
	if (path === null) return null;
	return {path, name: basename(path), maxInputBytes, read: readingOf(connector), needed: neededColumns(connector)};
}

function placeProblems(warnings: Answer<'check'>, place: Place): readonly Problem[] {
	return warnings.map(({code, message, cure}) => ({...place, code, message, expected: cure, severity: 'warning'}));
}

/** Types and formats are proven by values alone. */
function withoutRows(rows: number | null, {connector: {sampleFile}, place}: Pick<Sample, 'connector' | 'place'>): readonly Problem[] {
	if (rows !== 0 || sampleFile === null) return [];
	const message = `${basename(sampleFile)} has a header and no rows: nothing shows that the types and formats of the variables fit`;
	return [{...place, code: 'intake.no_rows', message, expected: 'some rows of a real file', severity: 'warning'}];
}

async function markOfSample(file: string | null): Promise<string> {
	if (file === null) return 'none';
	try {
		const {size, mtimeNs, ctimeNs} = await stat(file, {bigint: true});
		return `${size} ${mtimeNs} ${ctimeNs}`;
	} catch {
		return 'unreadable';
	}
}
