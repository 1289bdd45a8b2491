import {afterAll, afterEach, beforeAll, expect, test} from 'vitest';
import {itemsWorkspace, TestWorkspace} from '../whole/workspace.js';
import {Screen} from './support/screen.js';

let many: TestWorkspace;
let screen: Screen;

beforeAll(async () => {
	many = new TestWorkspace();
	for (let number = 0; number < 320; number++)
		many.write(`connectors/item_${String(number).padStart(3, '0')}/connector.yaml`, 'name: Nothing yet\n');
	await many.client();
});

afterAll(() => many.close());
afterEach(() => screen.close());

/** Opens the connectors of the workspace that has many. */
async function connectorsScreen(
	more: ConstructorParameters<typeof Screen>[0] extends infer Started ? Partial<Started> : never = {},
): Promise<void> {
	screen = Screen.console(many.dir, more);
	await screen.until('NEEDS YOU');
	screen.write(':connectors\r');
	await screen.until('· item_000');
}

test.runIf(process.env.SLUICE_LONG)('three hundred fast j move three hundred rows, and G and g in between are not lost', async () => {
	await connectorsScreen();
	screen.write('j'.repeat(300));
	await screen.until('· item_300');
	screen.write(`Ggjjj`);
	await screen.until('· item_003');
});

test('keys pressed while the console is still loading are not lost', async () => {
	screen = Screen.console(many.dir);
	await screen.until('asking the daemon');
	screen.write(':connectors\rjj');
	await screen.until('· item_002');
});

test('an arrow is an arrow, and a lone escape goes back', async () => {
	await connectorsScreen();
	screen.write('\u001b[B');
	await screen.until('· item_001');
	screen.write('\u001b');
	await screen.until(() => !screen.text.includes('› Connectors'));
	expect(screen.text).toContain('NEEDS YOU');
});

test('a paste of 500 characters arrives whole where text is typed, and does nothing where it is not', async () => {
	await connectorsScreen();
	const text = `${'qrd'.repeat(166)}!!`;
	screen.write(`\u001b[200~${text}\u001b[201~`);
	await screen.until('Nothing here takes a pasted text');
	expect(screen.text).toContain('› Connectors');
	screen.write('/');
	await screen.until(/^ \/ /m);
	screen.write(`\u001b[200~${text}\u001b[201~\r`);
	await screen.until('Nothing matches');
	screen.write('/\u007f\u007f');
	await screen.until(/qrd▏/);
	screen.write('\u0015\r');
	await screen.until('· item_000');
});

test('cursor and search survive going somewhere else and back', async () => {
	await connectorsScreen();
	screen.write('/item_1\r');
	await screen.until('/item_1');
	screen.write('jj');
	await screen.until('· item_102');
	screen.write(':status\r');
	await screen.until('NEEDS YOU');
	screen.write('\u001b');
	await screen.until('· item_102');
	expect(screen.text).toContain('/item_1');
});

test('below 80x24 one line says so, and the screen comes back with the room', async () => {
	await connectorsScreen();
	screen.resize(70, 20);
	await screen.until('Terminal too small: 70x20. Sluice needs at least 80x24.');
	expect(screen.lines.filter((line) => line.trim() !== '')).toHaveLength(1);
	screen.resize(80, 24);
	await screen.until('· item_000');
	expect(screen.lines.every((line) => line.length <= 80)).toBe(true);
});

test('nothing that happens nowhere sends a byte', async () => {
	await connectorsScreen();
	screen.write('j');
	await screen.until('· item_001');
	// why: a turn of the daemon's events and of the clock's seconds; whatever wakes up wrongly would draw in each.
	// The first may still hold the daemon's answers to what was opened, another the turn of the minute.
	let drawn = 1;
	for (let turn = 0; turn < 10 && drawn > 0; turn++) {
		const before = screen.bytes;
		await new Promise((resolve) => setTimeout(resolve, 2_500));
		drawn = screen.bytes - before;
	}
	expect(drawn).toBe(0);
});

test('a daemon that is killed leaves a picture that says it is old, and is found again when it is back', async () => {
	const workspace = itemsWorkspace(10);
	try {
		await workspace.client();
		screen = Screen.console(workspace.dir);
		await screen.until('CONNECTORS');
		for (const pid of workspace.pids('daemon')) process.kill(pid, 'SIGKILL');
		await screen.until(/STALE: shown as of .* ago/);
		expect(screen.text).toContain('sluice daemon start');
		expect(screen.text).toContain('items');
		await workspace.client();
		await screen.until(() => !screen.text.includes('STALE'));
		expect(screen.text).toContain('● daemon');
	} finally {
		await screen.close();
		await workspace.close();
	}
});

test('a daemon that hangs, its socket still open, is told from one that is well, and believed again when it goes on', async () => {
	const workspace = itemsWorkspace(10);
	try {
		await workspace.client();
		screen = Screen.console(workspace.dir);
		await screen.until('CONNECTORS');
		const pids = workspace.pids('daemon');
		for (const pid of pids) process.kill(pid, 'SIGSTOP');
		await screen.until(/STALE: shown as of .* ago/);
		for (const pid of pids) process.kill(pid, 'SIGCONT');
		await screen.until(() => !screen.text.includes('STALE'));
		expect(screen.text).toContain('● daemon');
	} finally {
		for (const pid of workspace.pids('daemon')) process.kill(pid, 'SIGCONT');
		await screen.close();
		await workspace.close();
	}
});

test('text from data cannot drive the terminal: the screen stays as it is', async () => {
	const workspace = new TestWorkspace();
	workspace.write('connectors/hostile/connector.yaml', '"\\e[2J\\e[31m\\e[10;10Hevil\\a\\u202e": 1\n');
	try {
		await workspace.client();
		screen = Screen.console(workspace.dir, {columns: 160});
		await screen.until('␛[2J␛[31m␛[10;10Hevil␇·');
		expect(screen.lines[0]).toMatch(/^ sluice /);
		expect(screen.text).toContain('NEEDS YOU');
		expect(screen.sent).not.toContain('\u001b[10;10Hevil');
	} finally {
		await screen.close();
		await workspace.close();
	}
});

test('where the locale has no more than ASCII, every screen is ASCII', async () => {
	screen = Screen.console(many.dir, {environment: {LANG: 'C', LC_ALL: 'C'}});
	await screen.until('NEEDS YOU');
	for (const [words, seen] of [
		['connectors', '. item_000'],
		['connector item_000', '[Overview]'],
		['executions', 'Nothing has run'],
		['records', 'objects'],
		['history', 'History'],
		['deliveries', 'Nothing was sent'],
		['queue item_000', 'item_000'],
	] as const) {
		screen.write(`:${words}\r`);
		await screen.until(seen);
		screen.write('?');
		await screen.until('Keys of this screen');
		screen.write('\u001b');
		await screen.until(() => !screen.text.includes('Keys of this screen'));
	}
	expect(screen.sent).toMatch(/^\p{ASCII}*$/u);
});

test('q leaves with 0 and nothing of the console stays on the screen', async () => {
	await connectorsScreen();
	screen.write('\u001b');
	await screen.until('NEEDS YOU');
	screen.write('q');
	expect(await screen.exited).toBe(0);
	expect(screen.terminal.buffer.active.type).toBe('normal');
	expect(screen.text.trim()).toBe('');
});

test('read out line by line there is no alternate screen, and numbers choose', async () => {
	screen = Screen.console(many.dir, {environment: {INK_SCREEN_READER: 'true'}, rows: 200});
	await screen.until('A number, down');
	screen.write('connectors\r');
	await screen.until(/here: +item_000/);
	screen.write('down\r');
	await screen.until(/here: +item_001/);
	expect(screen.sent).toContain('Home, Connectors');
	expect(screen.text).toMatch(/^\d+\. run$/m);
	expect(screen.sent).not.toContain('\u001b[?1049h');
	expect(screen.sent).not.toMatch(/[─│┌▌●]/);
	screen.write('\u0004');
	expect(await screen.exited).toBe(0);
});
