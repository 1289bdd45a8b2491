import {existsSync, mkdtempSync, readFileSync, rmSync, watch} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {Screen} from './support/screen.js';

const program = fileURLToPath(new URL('programs/stalled.mjs', import.meta.url));

test('a terminal that stops reading stalls nothing, and shows the latest picture when it reads again', async () => {
	const dir = mkdtempSync(join(tmpdir(), 'sluice-stalled-'));
	const file = join(dir, 'turns');
	const screen = new Screen({words: [process.execPath, program, file]});
	try {
		await screen.until(/\d+ [a-z]{20}/);
		screen.stall();
		const before = told(file);
		// why: a blocking write would stop the turns for ever once the pipe is full, after about 20 pictures.
		await reached(dir, () => told(file).turns > before.turns + 300);
		const during = told(file);
		expect(during.pictures - before.pictures).toBeLessThan(150);
		screen.readOn();
		await screen.until(() => Number(/^(\d+) /.exec(screen.lines[0] ?? '')?.[1] ?? 0) >= during.turns);
	} finally {
		await screen.close();
		rmSync(dir, {recursive: true, force: true});
	}
});

/** What the program says of itself: the turns of its loop, and the pictures it has sent. */
function told(file: string): {turns: number; pictures: number} {
	for (;;) {
		const [, turns, pictures] = /^(\d+) (\d+)$/.exec(existsSync(file) ? readFileSync(file, 'utf8') : '0 0') ?? [];
		// why again: a file that is being written is empty for an instant
		if (turns !== undefined) return {turns: Number(turns), pictures: Number(pictures)};
	}
}

async function reached(dir: string, there: () => boolean): Promise<void> {
	const abort = AbortSignal.timeout(60_000);
	while (!there()) {
		await new Promise<void>((resolve, reject) => {
			const watcher = watch(dir, () => {
				watcher.close();
				resolve();
			});
			abort.addEventListener('abort', () => reject(new Error('the turns stopped')), {once: true});
		});
	}
}
