import type {Hono} from 'hono';
import {validateUnknown} from '../activation/configuration-taken.js';
import type {Services} from '../services.js';
import {serve} from './answer.js';
import {pageOf} from './page.js';

/** Secrets: their names go out, their values never do. */
export function serveSecrets(app: Hono, services: Services): void {
	const {vault, control, apiListener} = services;
	serve(app, 'GET /secrets', () => pageOf(vault.list(), {offset: 0, limit: 0}));
	serve(app, 'PUT /secrets/:name', async ({path, body, actor}) => {
		vault.set(path('name'), body.value);
		control.history.add(actor, {what: 'secret set', detail: {name: path('name')}});
		await apiListener.follow();
		await secretsChanged(services);
		return {name: path('name')};
	});
	serve(app, 'DELETE /secrets/:name', async ({path, actor}) => {
		vault.remove(path('name'));
		control.history.add(actor, {what: 'secret remove', detail: {name: path('name')}});
		await apiListener.follow();
		await secretsChanged(services);
		return {removed: path('name')};
	});
}

/** What is wrong with connectors may have changed with a secret that they name. */
async function secretsChanged(services: Services): Promise<void> {
	const {configuration, validator, bus, views} = services;
	for (const {apiName, connector, secretUses} of configuration.workspace.connectors) {
		if (secretUses.length === 0) continue;
		if (connector) await validator.look(connector);
		bus.publish({type: 'connector', connector: views.summary(apiName)});
	}
	validateUnknown(services);
}
