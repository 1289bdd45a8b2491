import {redactor, type Secrets} from '../../engine/sql/collections.js';
import type {Connector} from '../../model/connector.js';
import type {Vault} from './vault.js';

export type ConnectorSecrets = {
	/** By name, for named collections. One that nobody set is absent: the engine then says which name is unknown. */
	readonly secrets: Secrets;
	readonly redact: (text: string) => string;
};

/** The secrets a connector names, and how to hide their values in texts. */
export function connectorSecrets(vault: Vault, {secrets: names}: Pick<Connector, 'secrets'>): ConnectorSecrets {
	const found = Object.fromEntries(
		names.flatMap((name) => {
			const text = vault.read(name);
			return text === null ? [] : [[name, flatten(text)] as const];
		}),
	);
	return {secrets: found, redact: redactor(found)};
}

/** The flat object a secret's text stands for; plain text is `{value}`. */
export function flatten(text: string): Readonly<Record<string, string>> {
	try {
		const parsed: unknown = JSON.parse(text);
		if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
			return Object.fromEntries(
				Object.entries(parsed).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
			);
		}
	} catch {
		// Not JSON: the text itself is the secret.
	}
	return {value: text};
}
