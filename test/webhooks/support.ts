import {readFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {join} from 'node:path';
import Database from 'better-sqlite3';

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	if (address === null || typeof address === 'string') throw new Error('no port');
	return address.port;
}

export const ordersObject = `name: Orders
fields:
  - {api_name: code, name: Code, type: text, identifier: true}
  - {api_name: body, name: Body, type: longtext}
`;

/** A webhook connector on `orders`: the code from the body, the raw text beside it. */
export const ordersYaml = (webhook: string, more = '') => `name: Orders
type: webhook
object: orders
sample_file: sample.csv
sql: transform.sql
webhook: ${webhook}
variables:
  - {name: code, scope: orders, column: code, type: string, required: true}
  - {name: body, scope: orders, column: body, type: string}
load_steps:
  - name: Orders
    object: orders
    scope: orders
    matching: [{field: code, variable: code}]
    mapping:
      - {field: code, variables: [code]}
      - {field: body, variables: [body], conflict: overwrite}
${more}`;

export const sampleCsv = 'timestamp,employee_id,querystring,body\n2026-11-20T10:00:00.000Z,ann,,"{""code"": ""sample""}"\n';
export const ordersSql = `CREATE TABLE output.orders AS
SELECT w.body.code::Nullable(String) AS code, r.body AS body, r._line AS _line
FROM input.webhooks_raw AS r JOIN input.webhooks AS w ON w._line = r._line
ORDER BY _line;
`;

export const ordersFiles = (port: number, webhook: string, more = ''): Readonly<Record<string, string>> => ({
	'sluice.yaml': `name: test\nhttp: {listen: "127.0.0.1:${port}"}\n`,
	'objects/orders.yaml': ordersObject,
	'connectors/orders/connector.yaml': ordersYaml(webhook, more),
	'connectors/orders/sample.csv': sampleCsv,
	'connectors/orders/transform.sql': ordersSql,
});

export type Row = {
	readonly timestamp: string;
	readonly employee_id: string;
	readonly querystring: string;
	readonly body: string;
	readonly headers: string;
};

/** Every row of the input file of every execution, read by a parser of its own. */
export function rowsOnDisk(dir: string): readonly (Row & {readonly file: string; readonly execution: string})[] {
	const control = new Database(join(dir, '.sluice/control.db'), {readonly: true});
	try {
		const executions = control.prepare('SELECT id, input_name FROM executions ORDER BY seq').all() as {id: string; input_name: string}[];
		return executions.flatMap(({id, input_name: file}) =>
			parse(readFileSync(join(dir, '.sluice/executions', id, 'input', file), 'utf8')).map((cells) => {
				const [timestamp = '', employee_id = '', querystring = '', body = '', headers = ''] = cells;
				return {execution: id, file, timestamp, employee_id, querystring, body, headers};
			}),
		);
	} finally {
		control.close();
	}
}

/** RFC 4180, the header left out. */
function parse(text: string): readonly (readonly string[])[] {
	const rows: string[][] = [[]];
	for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,"\n]*))(,|\n|$)/g)) {
		rows.at(-1)?.push(quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'));
		if (end === '\n') rows.push([]);
	}
	return rows.slice(1).filter((cells) => cells.length === 5);
}
