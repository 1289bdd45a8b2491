import {expect, test} from 'vitest';
import {rememberingSession} from '../../source/daemon/browse/cached-session.js';
import type {SqlSession} from '../../source/model/sql-session.js';

/** A session that says how often it was asked. */
function counting(rows: number): {session: SqlSession; asked: () => number} {
	let asked = 0;
	const session: SqlSession = {
		execute: async () => undefined,
		insert: async () => undefined,
		rows: async <Row extends Record<string, unknown>>() => {
			asked++;
			return Array.from({length: rows}, () => ({n: asked}) as unknown as Row);
		},
		async *blocks() {},
	};
	return {session: rememberingSession(session), asked: () => asked};
}

test('what was answered once is answered again, until something is written', async () => {
	const {session, asked} = counting(1);
	expect(await session.rows('SELECT 1')).toEqual([{n: 1}]);
	expect(await session.rows('SELECT 1')).toEqual([{n: 1}]);
	await session.execute('SET max_threads = 1');
	expect(await session.rows('SELECT 1')).toEqual([{n: 1}]);
	await session.execute('DROP TABLE run.x SYNC');
	expect(await session.rows('SELECT 1')).toEqual([{n: 2}]);
	await session.insert('run.x', ['n'], [[1]]);
	expect(await session.rows('SELECT 1')).toEqual([{n: 3}]);
	expect(asked()).toBe(3);
});

test('large answers are not kept, and of many the oldest go', async () => {
	const large = counting(201);
	await large.session.rows('SELECT 1');
	await large.session.rows('SELECT 1');
	expect(large.asked()).toBe(2);
	const many = counting(1);
	for (let number = 0; number <= 500; number++) await many.session.rows(`SELECT ${number}`);
	await many.session.rows('SELECT 500');
	expect(many.asked()).toBe(501);
	await many.session.rows('SELECT 0');
	expect(many.asked()).toBe(502);
});
