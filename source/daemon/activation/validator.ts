import {stat} from 'node:fs/promises';
import {basename} from 'node:path';
import {failpoint} from '../../engine/failpoint.js';
import {neededColumns} from '../../engine/intake/needed-columns.js';
import {readingOf} from '../../engine/intake/reading.js';
import type {Connector} from '../../model/connector.js';
import {type SluiceError, toSluiceError} from '../../model/errors.js';
import type {Limits} from '../../model/limits.js';
import type {Problem} from '../../model/problem.js';
import {redactedTexts} from '../../text/redaction.js';
import type {Configuration} from '../configuration/configuration.js';
import type {Control} from '../control/control.js';
import type {ShortTasks} from '../dispatch/short-tasks.js';
import type {Readers} from '../reader/readers.js';
import {connectorSecrets} from '../secrets/connector-secrets.js';
import type {Vault} from '../secrets/vault.js';
import {engineVersion, sqlOf, validationFingerprint} from './fingerprint.js';

type Needs = {
	readonly control: Control;
	readonly configuration: Configuration;
	readonly tasks: ShortTasks;
	readonly readers: Readers;
	readonly vault: Vault;
	/** Hears when something became known about a connector. */
	validated(connector: string): void;
};

/** Runs SQL on samples and remembers what came out, for exactly what was run (SPEC 5.6). */
export class Validator {
	readonly #needs: Needs;
	readonly #engine = engineVersion();
	readonly #running = new Map<string, Promise<readonly Problem[]>>();
	/** The last fingerprint of each connector: what `known` answers for, without touching a disk. */
	readonly #current = new Map<string, string>();

	constructor(needs: Needs) {
		this.#needs = needs;
	}

	/** What is remembered for the connector as it stood at the last look; null when nothing is. */
	known(connector: Connector): readonly Problem[] | null {
		const fingerprint = this.#current.get(connector.apiName);
		return fingerprint === undefined ? null : this.#needs.control.validations.recall(connector.apiName, fingerprint);
	}

	/** Looks which fingerprint the connector has now. To be called whenever its files have changed. */
	async look(connector: Connector): Promise<string> {
		const {objects} = this.#needs.configuration.workspace;
		const fingerprint = validationFingerprint(connector, objects, this.#engine, await markOfSample(connector.sampleFile));
		this.#current.set(connector.apiName, fingerprint);
		return fingerprint;
	}

	/** The problems of running it on its sample: remembered ones, or by running it now. `again` runs it in any case. */
	async validate(connector: Connector, {again = false} = {}): Promise<readonly Problem[]> {
		const fingerprint = await this.look(connector);
		const {control, validated} = this.#needs;
		const remembered = again ? null : control.validations.recall(connector.apiName, fingerprint);
		if (remembered) return remembered;
		const key = `${connector.apiName} ${fingerprint}`;
		const running = this.#running.get(key) ?? this.#run(connector).finally(() => this.#running.delete(key));
		this.#running.set(key, running);
		const problems = await running;
		failpoint('daemon.validation.before');
		control.validations.remember(connector.apiName, fingerprint, problems);
		failpoint('daemon.validation.after');
		validated(connector.apiName);
		return problems;
	}

	async #run(connector: Connector): Promise<readonly Problem[]> {
		const {configuration, tasks, readers, vault} = this.#needs;
		const {settings, objects} = configuration.workspace;
		const {secrets, redact} = connectorSecrets(vault, connector);
		try {
			if (!sqlOf(connector)) return await checkSample(readers, connector, settings.limits);
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
			const {problems = []} = (result ?? {}) as {problems?: readonly Problem[]};
			return redactedTexts([...problems, ...(await checkSample(readers, connector, settings.limits))], redact);
		} catch (error) {
			const failure = toSluiceError(error);
			// A task that was killed, or never began, says nothing about the SQL, and must not be remembered as if it did.
			if (/^(task\.failed|task\.stopped|internal|daemon\.stopping|state\..*)$/.test(failure.code)) throw failure;
			return [asProblem(failure, connector, redact)];
		}
	}
}

/** An error of the engine as a problem at its place: `where` is `file:line:column` or less of it. */
function asProblem({code, message, where, expected, cure}: SluiceError, connector: Connector, redact: (text: string) => string): Problem {
	const [, file, line, column] = /^(.*?)(?::(\d+))?(?::(\d+))?$/.exec(where ?? '') ?? [];
	const problem = {
		file: file && where?.includes(':') ? file : (sqlOf(connector)?.file ?? `connectors/${connector.apiName}/connector.yaml`),
		line: Number(line ?? 1),
		column: Number(column ?? 1),
		code,
		message,
		expected: expected ?? cure ?? null,
	};
	return redactedTexts(problem, redact);
}

/**
 * What the head of the sample shows: whether it can be read, and whether it has the columns that variables name. Without SQL that is all.
 *
 * @returns warnings
 */
async function checkSample(readers: Readers, connector: Connector, {maxInputBytes}: Limits): Promise<readonly Problem[]> {
	const {sampleFile, apiName} = connector;
	if (sampleFile === null) return [];
	const sample = {path: sampleFile, name: basename(sampleFile)};
	const needs = {read: readingOf(connector), needed: neededColumns(connector)};
	const warnings = await readers.ask(apiName, 'check', {...sample, maxInputBytes, ...needs});
	const place = {file: `connectors/${apiName}/connector.yaml`, line: 1, column: 1};
	return warnings.map(({code, message, cure}) => ({...place, code, message, expected: cure, severity: 'warning'}));
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
