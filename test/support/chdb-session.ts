import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Session} from 'chdb';
import type {ByteSession, ColumnBlock, SqlSession} from '../../source/model/sql-session.js';
import {identifier} from '../../source/model/sql-text.js';

/** The SQL engine inside the test's own process, with a folder of its own. One a process: chDB allows no more. */
export type ChdbSession = SqlSession & ByteSession & {close(): void};

export function openChdbSession(): ChdbSession {
	const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
	const session = new Session(folder);
	session.query("SET session_timezone = 'UTC', output_format_json_quote_64bit_integers = 1, max_block_size = 16384");
	session.query('CREATE DATABASE run');
	return {
		async execute(sql) {
			await session.queryAsync(sql);
		},
		async rows<Row extends Record<string, unknown>>(sql: string) {
			const text = (await session.queryAsync(sql, {format: 'JSONEachRow'})).text();
			return text
				.split('\n')
				.filter((line) => line !== '')
				.map((line) => JSON.parse(line) as Row);
		},
		async *blocks(sql) {
			for await (const chunk of session.queryStream(sql, {format: 'JSONCompactColumns'})) {
				const columns = JSON.parse(chunk.text()) as ColumnBlock;
				if (columns.length > 0) yield columns;
			}
		},
		async *bytes(sql) {
			for await (const chunk of session.queryStream(sql, {format: 'RowBinary'})) if (chunk.numRows > 0) yield Buffer.from(chunk.raw());
		},
		async insert(table, columns, block) {
			const rows = (block[0] ?? []).map((_, row) => JSON.stringify(block.map((column) => column[row])));
			if (rows.length === 0) return;
			const names = columns.map(identifier).join(', ');
			await session.queryAsync(`INSERT INTO ${table} (${names}) FORMAT JSONCompactEachRow\n${rows.join('\n')}`);
		},
		close() {
			session.close();
			rmSync(folder, {recursive: true, force: true});
		},
	};
}
