import {afterEach, expect, test} from 'vitest';
import {itemsWorkspace, type TestWorkspace} from '../whole/workspace.js';
import {Screen} from './support/screen.js';

let workspace: TestWorkspace;
let screen: Screen;

afterEach(async () => {
	await screen.close();
	await workspace.close();
});

test.runIf(process.env.SLUICE_LONG)(
	'records are filtered by a column’s value, archived after a question, and brought back, in the store as on the screen',
	async () => {
		workspace = itemsWorkspace(10);
		await workspace.cli('activate', 'items');
		workspace.write('in.csv', 'code,name\nA,red\nB,blue\nC,red\n');
		await workspace.run('items', 'in.csv');
		const client = await workspace.client();
		const names = async (archived: boolean): Promise<unknown[]> => {
			const {items} = await client.records('items', {archived});
			return items.map((one) => [one.fields.code, one.archived]);
		};
		screen = Screen.console(workspace.dir, {columns: 80, rows: 24});
		await screen.until('CONNECTORS');
		screen.write(':records\r');
		await screen.until('1 of 3 active records');

		screen.write('\u001b[Cw');
		await screen.until('Only records with name = red');
		screen.write('\r');
		await screen.until('1 of 2 active records');
		expect(screen.text).toContain('name = red');
		expect(screen.text).not.toContain('blue');

		screen.write('\u001b[Bx');
		await screen.until('Archive A?');
		screen.write('\u001b');
		await screen.until(() => !screen.text.includes('Archive A?'));
		expect(await names(false)).toHaveLength(3);
		screen.write('x');
		await screen.until('Archive A?');
		screen.write('\u0019');
		await screen.until('1 of 1 active records');
		expect(await names(false)).toEqual([
			['C', false],
			['B', false],
		]);

		screen.write('w');
		await screen.until('Only records with name =');
		screen.write('\u0015\r');
		await screen.until('1 of 2 active records');
		screen.write('a');
		await screen.until(/A +■ archived/);
		screen.write('Gx');
		await screen.until('Bring A back?');
		screen.write('\u0019');
		await screen.until('It is active again');
		await screen.until(/A +● active/);
		expect(await names(false)).toHaveLength(3);
	},
);

test.runIf(process.env.SLUICE_LONG)('three hundred fast j move three hundred records, over the end of the page that is held', async () => {
	workspace = itemsWorkspace(10);
	await workspace.cli('activate', 'items');
	workspace.write('in.csv', `code,name\n${Array.from({length: 450}, (_, row) => `C${String(row).padStart(3, '0')},red`).join('\n')}\n`);
	await workspace.run('items', 'in.csv');
	screen = Screen.console(workspace.dir, {columns: 80, rows: 24});
	await screen.until('CONNECTORS');
	screen.write(':records\r');
	await screen.until('1 of 450 active records');
	screen.write('j'.repeat(300));
	await screen.until('301 of 450 active records');
	await screen.until(/▌C149/);
	screen.write('G');
	await screen.until('450 of 450 active records');
	await screen.until(/▌C000/);
});
