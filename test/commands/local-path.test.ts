import {resolve} from 'node:path';
import {expect, test} from 'vitest';
import {outputPath} from '../../source/commands/local-path.js';

test.each([
	's3://bucket/x.csv',
	'sftp://host/x',
	'http://host/x',
	'HTTPS://host/x',
	'file:///x',
	's3:/x',
	's3:b/x',
	'me@host:/x',
	'\\\\srv\\share\\x',
	'C:\\x.csv',
	'mailto:a@b.c',
])('%s is refused as the place of an output, with exit code 2', (text) => {
	expect(() => outputPath(text)).toThrow(expect.objectContaining({code: 'usage.invalid', where: text}));
});

test.each(['out/x.csv', '/tmp/a:b/x', 'a:b', 'x.csv:', '12:30/x'])('%s is a path', (text) => {
	expect(outputPath(text)).toBe(resolve(text));
});
