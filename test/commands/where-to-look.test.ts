import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {parse} from '../../source/commands/parse.js';
import {commands as table} from '../../source/commands/table.js';
import {programCall, whereToLook} from '../../source/commands/where-to-look.js';
import {execution, stage} from '../report/kept-run.js';

const folder = mkdtempSync(join(tmpdir(), 'sluice-look-'));
afterEach(() => rmSync(folder, {recursive: true, force: true}));

test('the commands that the demo prints are commands, and the row that it explains is one that the run has', () => {
	const last = execution({stages: [stage('load:3', {rows: 3})]});
	const lines = whereToLook("/tmp/it's here", last, 'sluice').map((line) => line.trim());
	const commands = lines.filter((line) => line.startsWith('sluice ')).map((line) => line.split(' ').slice(1));
	expect(commands.map(([name]) => name)).toEqual(['records', 'rows', 'explain', 'daemon']);
	for (const [name, ...words] of commands) {
		const known = table.find((command) => command.name === name);
		expect(known && parse(known, words).words).toBeDefined();
	}
	expect(lines).toContain('sluice explain last --scope products --row 3');
	expect(lines).toContain("cd '/tmp/it'\\''s here'");
});

test('the program is called sluice only where the shell finds this very program under that name', () => {
	const program = join(folder, 'cli.js');
	const [own, other] = [join(folder, 'own'), join(folder, 'other')];
	for (const made of [own, other]) mkdirSync(made, {recursive: true});
	writeFileSync(program, '');
	symlinkSync(program, join(own, 'sluice'));
	writeFileSync(join(other, 'sluice'), '');
	expect(programCall(program, own)).toBe('sluice');
	expect(programCall(program, `${other}:${own}`)).toBe(`node ${program}`);
	expect(programCall(program, undefined)).toBe(`node ${program}`);
});
