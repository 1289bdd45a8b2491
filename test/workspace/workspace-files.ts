import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {onTestFinished} from 'vitest';
import type {Problem} from '../../source/model/problem.js';
import {readWorkspace, type Workspace} from '../../source/workspace/read-workspace.js';

/** A workspace of these files, in a folder that goes with the test. */
export function workspaceOf(files: Readonly<Record<string, string>>): string {
	const dir = mkdtempSync(join(tmpdir(), 'sluice-workspace-'));
	onTestFinished(() => rmSync(dir, {recursive: true, force: true}));
	for (const [name, text] of Object.entries({'sluice.yaml': '', ...files})) {
		mkdirSync(dirname(join(dir, name)), {recursive: true});
		writeFileSync(join(dir, name), text);
	}
	return dir;
}

export async function read(files: Readonly<Record<string, string>>): Promise<Workspace> {
	return readWorkspace(workspaceOf(files));
}

/** Every problem of a workspace as people read it: `file:line:column  message`, and what was expected. */
export function told({problems, connectors}: Pick<Workspace, 'problems' | 'connectors'>): readonly string[] {
	return [...problems, ...connectors.flatMap((entry) => entry.problems)].map(line);
}

function line({file, line: row, column, message, expected}: Problem): string {
	return `${file}:${row}:${column}  ${message}${expected === null ? '' : ` [${expected}]`}`;
}
