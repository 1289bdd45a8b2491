import type {Hono} from 'hono';
import {listTables} from '../../report/tables.js';
import type {Rooms} from '../rooms.js';
import {serve} from './answer.js';

/** The tables of executions, whatever their size: every filter, sort and page is the engine's work. */
export function serveTables(app: Hono, {control, browse}: Rooms): void {
	serve(app, 'GET /executions/:id/tables', async ({path}) => {
		const stored = control.executions.find(path('id'));
		return {items: (await browse.tables(stored, listTables)) ?? []};
	});
}
