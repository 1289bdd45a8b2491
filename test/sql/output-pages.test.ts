import {expect, test} from 'vitest';
import {outputPages} from '../../source/engine/sql/output-pages.js';
import {splitStatements} from '../../source/engine/sql/split-statements.js';

const pages = [
	['people', 'page_idx_0'],
	['orders', 'page_idx_1'],
];
const pagesOf = (script: string) => Object.fromEntries(outputPages(splitStatements(script), pages));

test.each<[string, string, Record<string, number>]>([
	[
		'each output has its page',
		'CREATE TABLE output.a AS SELECT * FROM input.people; CREATE TABLE output.b AS SELECT * FROM input.page_idx_1',
		{a: 0, b: 1},
	],
	['an output may have the name of its page', 'CREATE TABLE output.people AS SELECT people.name FROM input.people', {people: 0}],
	[
		'a join of reference data is no page',
		'CREATE TABLE output.a AS SELECT * FROM input.people p JOIN records.orders o ON o.id = p.id',
		{a: 0},
	],
	['a query within the statement', 'CREATE TABLE output.a AS WITH x AS (SELECT * FROM input.people) SELECT * FROM x', {a: 0}],
	[
		'rows that are inserted',
		'CREATE TABLE output.a (n String) ENGINE = Memory; INSERT INTO output.a SELECT name FROM input.people',
		{a: 0},
	],
	['two pages', 'CREATE TABLE output.a AS SELECT * FROM input.people JOIN input.orders USING id', {}],
	[
		'two statements of two pages',
		'CREATE TABLE output.a AS SELECT * FROM input.people; INSERT INTO output.a SELECT * FROM input.orders',
		{},
	],
	[
		'a table in between',
		'CREATE TABLE connector.t AS SELECT * FROM input.orders; CREATE TABLE output.a AS SELECT * FROM connector.t, input.people',
		{},
	],
	[
		'a table in between without its database',
		'CREATE TABLE t AS SELECT * FROM input.orders; CREATE TABLE output.a AS SELECT * FROM t, input.people',
		{},
	],
	['a table that is changed', 'CREATE TABLE output.a AS SELECT * FROM input.people; ALTER TABLE output.a UPDATE n = 1 WHERE 1', {}],
	['a function that reads any table', "CREATE TABLE output.a AS SELECT p.* FROM input.people p, merge('input', '.*') m", {}],
	['a column with the name of a page', 'CREATE TABLE output.a AS SELECT orders FROM input.people', {}],
	['values', 'CREATE TABLE output.a AS SELECT * FROM input.people; INSERT INTO output.a VALUES (1)', {}],
	[
		'a view that fills another table',
		'CREATE TABLE output.a AS SELECT * FROM input.people; CREATE MATERIALIZED VIEW v TO output.a AS SELECT * FROM t',
		{},
	],
])('%s', (_, script, expected) => expect(pagesOf(script)).toEqual(expected));
