import type {Locale} from '../../engine/protocol.js';
import {SluiceError} from '../../model/errors.js';
import {nearest} from '../../model/nearest.js';
import type {ObjectDefinition} from '../../model/object.js';
import {type ConnectorEntry, readWorkspace, type Workspace} from '../../workspace/read-workspace.js';
import {accessOf} from '../state-folder.js';
import {recallSettings, rememberSettings} from './last-valid.js';
import {type Scan, unchangedConnectors} from './scan.js';
import {Watcher} from './watcher.js';

/** The workspace's files as they were last read, and how to hear of a change. */
export class Configuration {
	readonly #dir: string;
	readonly #watcher: Watcher;
	readonly #taken: (before: Workspace | null, now: Workspace) => Promise<void>;
	readonly #lastSettings: string;
	readonly #failed: (error: unknown) => void;
	#workspace: Workspace | null = null;
	#remembered: string | null = null;
	/** The look at the files that `#workspace` was read after. */
	#scan: Scan = new Map();

	/**
	 * @param lastSettings the file that remembers the last valid `sluice.yaml`
	 * @param taken hears of every new content after it was read, the first included
	 */
	constructor(
		{dir, lastSettings}: {readonly dir: string; readonly lastSettings: string},
		taken: (before: Workspace | null, now: Workspace) => Promise<void>,
		failed: (error: unknown) => void,
	) {
		this.#dir = dir;
		this.#lastSettings = lastSettings;
		this.#taken = taken;
		this.#failed = failed;
		this.#watcher = new Watcher(dir, (current) => this.#read(current), failed);
	}

	/** Reads everything once and begins to watch. */
	async start(): Promise<void> {
		await this.#watcher.refresh();
		this.#watcher.start();
	}

	stop(): void {
		this.#watcher.stop();
	}

	/** Resolves when what stands on disk now has been read. */
	refresh(): Promise<void> {
		return this.#watcher.refresh();
	}

	get workspace(): Workspace {
		if (!this.#workspace) throw new Error('The configuration is asked for before it was read');
		return this.#workspace;
	}

	/** The file of the records; null before the files were read. */
	get storeFile(): string | null {
		return this.#workspace?.settings.storeFile ?? null;
	}

	get names(): readonly string[] {
		return this.workspace.connectors.map(({apiName}) => apiName);
	}

	find(name: string): ConnectorEntry | undefined {
		return this.workspace.connectors.find(({apiName}) => apiName === name);
	}

	/** @throws SluiceError `usage.unknown`, with the nearest name */
	entry(name: string): ConnectorEntry {
		const found = this.find(name);
		if (found) return found;
		throw unknownName('connector', name, this.names);
	}

	object(name: string): ObjectDefinition {
		const {objects} = this.workspace;
		const found = objects.find(({apiName}) => apiName === name);
		if (found) return found;
		throw unknownName(
			'object',
			name,
			objects.map(({apiName}) => apiName),
		);
	}

	get locale(): Locale {
		const {timezone, defaultCountry} = this.workspace.settings;
		return {timezone, defaultCountry};
	}

	/** Whether a valid `sluice.yaml` is known. Without one nothing may start: its limits, its store and its environment are not known. */
	get settingsKnown(): boolean {
		return this.workspace.settingsOrigin !== 'none';
	}

	/** Whether live runs and cancels must be confirmed; so they must while nothing says that they need not. */
	get production(): boolean {
		return !this.settingsKnown || this.workspace.settings.environment === 'production';
	}

	/** A full disk does not keep valid settings from being in force: what is remembered of them is tried again with the next change. */
	#remember(text: string): void {
		try {
			rememberSettings(this.#lastSettings, text);
			this.#remembered = text;
		} catch (error) {
			this.#failed(error);
		}
	}

	async #read(current: Scan): Promise<void> {
		const before = this.#workspace;
		const unchanged = unchangedConnectors(this.#scan, current);
		const kept = new Map(before?.connectors.filter(({apiName}) => unchanged.has(apiName)).map((entry) => [entry.apiName, entry]));
		const groupIdOf = async (group: string) => (await accessOf(group).catch(() => null))?.groupId ?? null;
		this.#remembered ??= recallSettings(this.#lastSettings);
		const inForce = before && before.settingsOrigin !== 'none' ? before.settings : undefined;
		const now = await readWorkspace(this.#dir, {before: inForce, lastValidText: this.#remembered, groupIdOf, kept});
		this.#workspace = now;
		this.#scan = current;
		const {validSettingsText} = now;
		if (validSettingsText !== null && validSettingsText !== this.#remembered) {
			this.#remember(validSettingsText);
		}
		await this.#taken(before, now);
	}
}

function unknownName(kind: string, name: string, known: readonly string[]): SluiceError {
	const close = nearest(name, known);
	return new SluiceError('usage.unknown', `There is no ${kind} "${name}"`, {
		expected: known.length === 0 ? `no ${kind} exists yet` : known.join(', '),
		cure: close ? `Did you mean "${close}"?` : undefined,
	});
}
