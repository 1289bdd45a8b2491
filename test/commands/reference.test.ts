import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';

test.each(['errors', 'commands', 'keys'] as const)(
	'docs/reference/%s.md is what the program says (node scripts/write-reference.mjs)',
	(page) => {
		const script = `import {${page}Page} from './scripts/reference-pages.mjs'; process.stdout.write(${page}Page());`;
		const text = execFileSync(process.execPath, ['--input-type=module', '-e', script], {encoding: 'utf8'});
		expect(readFileSync(`docs/reference/${page}.md`, 'utf8')).toBe(text);
	},
);
