import type {Hono} from 'hono';
import type {Rooms} from '../rooms.js';
import {serve} from './answer.js';
import {pageOf} from './page.js';

/** Secrets: their names go out, their values never do. */
export function serveSecrets(app: Hono, {vault, control, apiListener}: Rooms): void {
	serve(app, 'GET /secrets', () => pageOf(vault.list(), {offset: 0, limit: 0}));
	serve(app, 'PUT /secrets/:name', async ({path, body, actor}) => {
		vault.set(path('name'), body.value);
		control.history.add(actor, {what: 'secret set', detail: {name: path('name')}});
		await apiListener.follow();
		return {name: path('name')};
	});
	serve(app, 'DELETE /secrets/:name', async ({path, actor}) => {
		vault.remove(path('name'));
		control.history.add(actor, {what: 'secret remove', detail: {name: path('name')}});
		await apiListener.follow();
		return {removed: path('name')};
	});
}
