import type {FailureCheck} from '../../api/contract.js';
import type {Connector} from '../../model/connector.js';
import type {Execution} from '../../model/execution.js';
import {toJson} from '../../model/json.js';
import {webhookSecrets} from '../../model/webhook-intake.js';
import type {Services} from '../services.js';

/** What an engine, a server or a database says when it does not let us in. */
const refusal = /\b(40[137]|authenticat|authoriz|unauthori[sz]ed|credential|password|access denied|permission denied|forbidden by)/i;

/** Are the secrets there that the connector names, and does the error sound as if one of them were wrong? */
export function credentialCheck({vault, control}: Services, connector: Connector | null, execution: Execution): FailureCheck {
	const item = (state: FailureCheck['state'], message: string, detail: readonly string[], command: string | null): FailureCheck => ({
		check: 'credentials',
		state,
		message,
		detail,
		command,
	});
	if (!connector) return item('unknown', 'The configuration of its connector cannot be read', [], `sluice validate ${execution.connector}`);
	const names = secretsOf(connector);
	const missing = names.filter((name) => vault.readIfOpen(name) === null);
	const [first] = missing;
	if (first !== undefined) return item('look', `Not set: ${missing.join(', ')}`, [], `sluice secret set ${first}`);
	const said = [execution.error?.message ?? '', ...control.deliveries.errorsOf(execution.id)].filter((message) => refusal.test(message));
	if (said.length > 0)
		return item('look', 'Somebody did not let us in', said, names[0] === undefined ? null : `sluice secret set ${names[0]}`);
	return names.length === 0 ? item('ok', 'It uses no secret', [], null) : item('ok', `Set: ${names.join(', ')}`, [], null);
}

/** Every secret that a connector names, wherever: for its SQL, its source, its webhooks. */
export function secretsOf({secrets, source, webhook, settings}: Connector): readonly string[] {
	const named = [...toJson([source, settings.executionEndedWebhook]).matchAll(/\$\{secret:([A-Za-z][A-Za-z0-9_]*)\}/g)].flatMap(
		([, name]) => (name === undefined ? [] : [name]),
	);
	const hooks = webhook ? webhookSecrets(webhook) : [];
	const ended = settings.executionEndedWebhook ? [settings.executionEndedWebhook.secret] : [];
	return [...new Set([...secrets, ...named, ...hooks, ...ended])];
}
