import fc from 'fast-check';
import {expect, test} from 'vitest';
import {positionAt, splitStatements} from '../../source/engine/sql/split-statements.js';
import {tokenise} from '../../source/engine/sql/tokens.js';
import {newWorker} from './world.js';

const texts = (script: string) => splitStatements(script).map(({text}) => text);

test('semicolons in strings, names, heredocs and comments do not end a statement', () => {
	expect(
		texts("SELECT ';', \";\", `;`, 'it''s;', '\\';' -- ;\n, $$;'$$, $t$;$$;$t$ /* ; /* ; */ ; */ # ;\n, 1 // ;\n; SELECT 2;;  ; -- end;"),
	).toEqual(["SELECT ';', \";\", `;`, 'it''s;', '\\';' -- ;\n, $$;'$$, $t$;$$;$t$ /* ; /* ; */ ; */ # ;\n, 1", 'SELECT 2']);
});

test('each statement knows its line and column, whatever ends the lines', () => {
	const places = splitStatements('-- first\r\nSELECT 1;\r  SELECT\n2; SELECT 3').map(({line, column}) => [line, column]);
	expect(places).toEqual([
		[2, 1],
		[3, 3],
		[4, 4],
	]);
	expect(positionAt('ab\ncd', 4)).toEqual({line: 2, column: 2});
});

test('an open string, name or comment runs to the end', () => {
	for (const open of ["'a;", '"a;', '`a;', '/* a;', '$$a;', '/* /* a; */;']) expect(texts(`SELECT 1; SELECT ${open} b; c`)).toHaveLength(2);
});

const literalText = fc.string({unit: fc.constantFrom('a', ';', "'", '"', '`', '\\', '-', '/', '*', '#', '$', '\n', 'é', '😀', ' ')});
const piece = fc.oneof(
	literalText.map((text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`),
	literalText.map((text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`),
	literalText.filter((text) => !text.includes('$')).map((text) => `$h$${text}$h$`),
	fc.constantFrom('1', 'x.1.2', '1e-3', '0x1F', '`a``b`', '"q"', '[1, 2]', '(1, 2).1', "x'41'"),
);
const gap = fc.oneof(
	fc.constantFrom(' ', '\n', '\t'),
	literalText.filter((text) => !/\n/.test(text)).map((text) => ` --${text}\n`),
	literalText.filter((text) => !/\*|\//.test(text)).map((text) => ` /*${text}/* ; */*/ `),
);
const select = fc
	.array(fc.tuple(piece, gap), {minLength: 1, maxLength: 4})
	.map((items) => `SELECT${items.map(([value, space]) => `${space}${value}`).join(' ,')}`);

test('a script is split where its statements were joined, and its tokens cover it without overlap', () => {
	fc.assert(
		fc.property(fc.array(select, {minLength: 1, maxLength: 4}), fc.array(gap), (statements, gaps) => {
			const script = statements.map((statement, at) => `${gaps[at] ?? ''}${statement}`).join(';');
			expect(texts(script)).toEqual(statements);
			let end = 0;
			for (const {offset, text} of tokenise(script)) {
				expect(offset).toBeGreaterThanOrEqual(end);
				expect(script.startsWith(text, offset)).toBe(true);
				end = offset + text.length;
			}
		}),
		{numRuns: process.env.SLUICE_LONG ? 20_000 : 1_000},
	);
});

test('the engine reads every statement that was cut out, and reads it alone', async () => {
	const worker = await newWorker({sqlSandbox: 'off'});
	const samples = fc.sample(fc.array(select, {minLength: 2, maxLength: 3}), {numRuns: process.env.SLUICE_LONG ? 2_000 : 60, seed: 1});
	for (const statements of samples) {
		for (const {text} of splitStatements(statements.join(';'))) {
			const [row] = await worker.rows<{sql: string}>(`SELECT formatQuerySingleLine(unhex('${Buffer.from(text).toString('hex')}')) AS sql`);
			expect(row?.sql.startsWith('SELECT '), text).toBe(true);
		}
	}
});
