import {expect, test} from 'vitest';
import {onlyPage} from './support/intake.js';

/** Windows-1252 but for the letters of 0x80 to 0x9F. */
const latin = (text: string) => Buffer.from(text, 'latin1');

test.each<[string, Buffer, string, string | null]>([
	['UTF-8', Buffer.from('name,city\nJosé,Łódź\n'), 'José', null],
	['UTF-8 with a mark', Buffer.from('\ufeffname,city\nJosé,Łódź\n'), 'José', null],
	['UTF-16LE with a mark', Buffer.from('\ufeffname,city\nJosé,Łódź\n', 'utf16le'), 'José', 'utf-16le'],
	['UTF-16BE with a mark', Buffer.from('\ufeffname,city\nJosé,Łódź\n', 'utf16le').swap16(), 'José', 'utf-16be'],
	['UTF-16LE without', Buffer.from('name,city\nJosé,Łódź\n', 'utf16le'), 'José', 'utf-16le'],
	['UTF-16BE without', Buffer.from('name,city\nJosé,Łódź\n', 'utf16le').swap16(), 'José', 'utf-16be'],
	['UTF-16LE without, in Chinese', Buffer.from('姓名,城市\n张伟,北京\n王芳,上海\n', 'utf16le'), '张伟', 'utf-16le'],
	['Windows-1252, one word', latin('name,city\ncafé,x\n'), 'café', 'windows-1252'],
	['Windows-1252, French', latin('nom,ville\nHélène,Orléans\nFrançois,Épinal\n'), 'Hélène', 'windows-1252'],
	['Windows-1252, the euro sign', Buffer.from([...latin('price,note\n10 '), 0x80, ...latin(',x\n')]), '10 €', 'windows-1252'],
	[
		'Windows-1251',
		Buffer.from('e8ecff2ce3eef0eee40ac8e2e0ed2ccceef1eae2e00ac0edede020cae0f0e5ede8ede02cd1e0edeaf22dcfe5f2e5f0e1f3f0e30a', 'hex'),
		'Иван',
		'windows-1251',
	],
	[
		'Shift_JIS',
		Buffer.from('96bc914f2c93738e730a8e5293638c928e9f2c938c8b9e82cc82dc82bf0a97e996d888ea98592c834a835e834a836982c582b70a', 'hex'),
		'山田健次',
		'shift_jis',
	],
])('%s is read', async (_what, bytes, first, said) => {
	const {rows, log} = await onlyPage('x.csv', bytes);
	expect(rows[0]?.[1]).toBe(first);
	expect(log).toEqual(said === null ? [] : [`x.csv: read as ${said}`]);
});

test('a byte far from the head that is not UTF-8 changes how the whole file is read', async () => {
	const {rows, log, page} = await onlyPage(
		'x.csv',
		Buffer.concat([Buffer.from(`a,b\n${'plain,text\n'.repeat(200_000)}`), latin('Müller,Köln\nJäger,Fürth\n')]),
	);
	expect(page.rows).toBe(200_002);
	expect(rows.at(-2)).toEqual([200_002, 'Müller', 'Köln']);
	expect(log).toEqual(['x.csv: read as windows-1252']);
});

test('a stray byte in a file that is UTF-8 otherwise is replaced, with a warning that names the line', async () => {
	const {rows, warnings} = await onlyPage(
		'x.csv',
		Buffer.concat([Buffer.from('a,b\nJosé,Łódź\nx'), Buffer.from([0xff]), Buffer.from('y,ü\n')]),
	);
	expect(rows).toEqual([
		[2, 'José', 'Łódź'],
		[3, 'x\ufffdy', 'ü'],
	]);
	expect(warnings).toEqual([{line: 3, message: expect.stringContaining('line 3')}]);
});

test('a character cut by the end of a piece is one character', async () => {
	const filler = 'x'.repeat(1024 * 1024 - 5);
	expect((await onlyPage('x.csv', `a,b\n${filler}€,1\n`)).rows[0]?.[1]).toBe(`${filler}€`);
});

test.each(['a\u0000', '\u0000', '\u0001\u0002'])(
	'controls in a cell make neither UTF-16 nor a picture of a file with a plain header: %j',
	async (text) => {
		const cell = text.repeat(100_000);
		const {rows, log} = await onlyPage('x.csv', `timestamp,body\n1,"${cell}"\n`);
		expect(rows).toEqual([[2, '1', cell]]);
		expect(log).toEqual([]);
	},
);
