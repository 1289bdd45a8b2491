import {createCipheriv, createDecipheriv, randomBytes} from 'node:crypto';
import {readFileSync, renameSync, statSync} from 'node:fs';
import type {SecretView} from '../../api/contract.js';
import {SluiceError} from '../../model/errors.js';
import {writeWholeNow} from '../../platform/files/whole-file.js';
import {isDamagedKey, readKey} from './key-file.js';
import {setText, withoutLineEnd} from './set-text.js';

type Sealed = {readonly iv: string; readonly tag: string; readonly text: string};

const namePattern = /^[a-z][a-z0-9_]{0,62}$/;
const variablePrefix = 'SLUICE_SECRET_';

/** The workspace's secrets: `SLUICE_SECRET_<NAME>`, else the store, AES-256-GCM under a key outside the workspace (SPEC 15). */
export class Vault {
	readonly #file: string;
	readonly #keyFile: string;
	readonly #environment: NodeJS.ProcessEnv;
	/** What was opened of the store as it stands. Why: a listener asks for the same secret a thousand times a second. */
	#opened: {readonly mark: string; readonly texts: Map<string, string | null>} = {mark: '', texts: new Map()};

	#unreadable: {readonly version: string; readonly names: readonly string[]} | null = null;

	constructor(file: string, keyFile: string, environment: NodeJS.ProcessEnv = process.env) {
		this.#file = file;
		this.#keyFile = keyFile;
		this.#environment = environment;
	}

	/** The secret's text, or null when it is not set; an empty or blank one is not. @throws SluiceError `secret.invalid` when the store does not open */
	read(name: string): string | null {
		const given = setText(this.#environment[variablePrefix + name.toUpperCase()]);
		if (given !== null) return withoutLineEnd(given);
		const mark = markOf(this.#file);
		if (mark !== this.#opened.mark) this.#opened = {mark, texts: new Map()};
		const known = this.#opened.texts.get(name);
		if (known !== undefined) return known;
		const all = this.#sealed();
		const sealed = Object.hasOwn(all, name) ? all[name] : undefined;
		const kept = sealed ? setText(this.#open(name, sealed)) : null;
		const text = kept === null ? null : withoutLineEnd(kept);
		this.#opened.texts.set(name, text);
		return text;
	}

	/** The same for what must go on without it: one that cannot be opened counts as not set, so that no door opens with it. */
	readIfOpen(name: string): string | null {
		try {
			return this.read(name);
		} catch (error) {
			if (error instanceof SluiceError && error.code === 'secret.invalid') return null;
			throw error;
		}
	}

	/**
	 * The secrets of the store that cannot be opened here, by name: they must be set again, or the key must be put back. Each is tried once
	 * after a change: every `status` asks.
	 */
	unreadable(): readonly string[] {
		const version = this.version();
		if (this.#unreadable?.version === version) return this.#unreadable.names;
		const names = this.list()
			.filter(({unreadable}) => unreadable)
			.map(({name}) => name);
		this.#unreadable = {version, names};
		return names;
	}

	/** Changes whenever any secret may have changed. */
	version(): string {
		const given = Object.entries(this.#environment).filter(([variable]) => variable.startsWith(variablePrefix));
		return `${markOf(this.#file)} ${markOf(this.#keyFile)} ${JSON.stringify(given)}`;
	}

	/** Another one whenever the secret was set anew, and null while it is not set; says nothing about its text. */
	mark(name: string): string | null {
		if (setText(this.#environment[variablePrefix + name.toUpperCase()]) !== null) return 'environment';
		const all = this.#sealed();
		return (Object.hasOwn(all, name) ? all[name]?.iv : undefined) ?? null;
	}

	list(): readonly SecretView[] {
		const given = Object.keys(this.#environment)
			.filter((variable) => variable.startsWith(variablePrefix) && setText(this.#environment[variable]) !== null)
			.map((variable) => variable.slice(variablePrefix.length).toLowerCase());
		const kept = Object.entries(this.#sealed()).filter(([name]) => !given.includes(name));
		return [
			...given.map((name) => ({name, from: 'environment' as const})),
			...kept.map(([name, sealed]) => ({name, from: 'store' as const, ...(!this.#opens(name, sealed) && {unreadable: true as const})})),
		].sort((a, b) => a.name.localeCompare(b.name));
	}

	/**
	 * Sets a secret. A key that is empty or damaged, and a store that is no JSON, are moved aside: what they held cannot be opened any more.
	 *
	 * @throws SluiceError `usage.invalid` for a name that cannot be one, and for an empty or blank text: it would not be set
	 */
	set(name: string, text: string): void {
		if (setText(text) === null) {
			throw new SluiceError('usage.invalid', `The secret "${name}" would be empty or blank, which counts as not set`, {
				cure: `Give it a text, or remove it with \`sluice secret remove ${name}\`.`,
			});
		}
		if (!namePattern.test(name)) {
			throw new SluiceError('usage.invalid', `"${name}" cannot be the name of a secret`, {
				expected: 'a to z, 0 to 9 and _, a letter first',
			});
		}
		const key = readKey(this.#keyFile, true) as Buffer;
		const iv = randomBytes(12);
		const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name));
		const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
		this.#write({
			...this.#sealedOrMovedAside(),
			[name]: {iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), text: sealed.toString('base64')},
		});
	}

	/** @throws SluiceError `usage.unknown` when the store has no such secret */
	remove(name: string): void {
		const all = this.#sealed();
		const {[name]: _removed, ...rest} = all;
		if (!Object.hasOwn(all, name)) throw new SluiceError('usage.unknown', `The store holds no secret "${name}"`);
		this.#write(rest);
	}

	/** Whether a key opens any secret of the store; null where the store holds none. */
	get opener(): ((key: Buffer) => boolean) | null {
		let all: Readonly<Record<string, Sealed>>;
		try {
			all = this.#sealed();
		} catch {
			return null;
		}
		const entries = Object.entries(all);
		if (entries.length === 0) return null;
		return (key) =>
			entries.some(([name, sealed]) => {
				try {
					opened(key, name, sealed);
					return true;
				} catch {
					return false;
				}
			});
	}

	#opens(name: string, sealed: Sealed): boolean {
		try {
			this.#open(name, sealed);
			return true;
		} catch {
			return false;
		}
	}

	#open(name: string, sealed: Sealed): string {
		const cure = `Set it again with \`sluice secret set ${name}\`, or put the key file back that the workspace had.`;
		const refused = (what: string, cause?: unknown) =>
			new SluiceError('secret.invalid', `The secret "${name}" cannot be opened: ${what}`, {where: this.#keyFile, cure, cause});
		let key: Buffer | null;
		try {
			key = readKey(this.#keyFile, false);
		} catch (cause) {
			throw refused(`the key file cannot be read (${(cause as NodeJS.ErrnoException).code})`, cause);
		}
		if (!key) throw refused(isDamagedKey(this.#keyFile) ? 'the key file is damaged' : 'the key file is missing');
		try {
			return opened(key, name, sealed);
		} catch (cause) {
			throw refused('it was set with another key', cause);
		}
	}

	#sealed(): Readonly<Record<string, Sealed>> {
		try {
			const all: unknown = JSON.parse(readFileSync(this.#file, 'utf8'));
			if (typeof all !== 'object' || all === null) throw new SyntaxError('It holds no secrets');
			return all as Record<string, Sealed>;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
			throw new SluiceError('secret.invalid', 'The secret store cannot be read', {where: this.#file, cause: error});
		}
	}

	#sealedOrMovedAside(): Readonly<Record<string, Sealed>> {
		try {
			return this.#sealed();
		} catch (error) {
			if (!(error instanceof SluiceError) || !(error.cause instanceof SyntaxError)) throw error;
			renameSync(this.#file, `${this.#file}.damaged`);
			return {};
		}
	}

	#write(all: Readonly<Record<string, Sealed>>): void {
		writeWholeNow(this.#file, `${JSON.stringify(all, null, '\t')}\n`);
	}
}

/** @throws when the key is another one, or the text was changed or is of another name */
function opened(key: Buffer, name: string, {iv, tag, text}: Sealed): string {
	const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'))
		.setAAD(Buffer.from(name))
		.setAuthTag(Buffer.from(tag, 'base64'));
	return Buffer.concat([decipher.update(Buffer.from(text, 'base64')), decipher.final()]).toString('utf8');
}

/** Another one for every content of the file: it is written anew and renamed into place. One that may not be looked at is as good as none. */
function markOf(file: string): string {
	try {
		const {ino, size, mtimeNs, ctimeNs} = statSync(file, {bigint: true});
		return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
	} catch (error) {
		return String((error as NodeJS.ErrnoException).code);
	}
}
