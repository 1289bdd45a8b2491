import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {shapes} from './people-file.mjs';

const fieldTypes = {email: 'email', amount: 'decimal', active: 'checkbox', signup_date: 'date', updated_at: 'datetime', notes: 'longtext'};
const sample = {email: 'a@example.com', amount: '1.5', active: 'true', signup_date: '2020-01-01', updated_at: '2020-01-01T00:00:00Z'};
const shaped = {first_name: 'trim(first_name)', last_name: 'upper(last_name)', email: 'lower(email)'};

/** A workspace with one object and one connector of a typed variable a column, SQL, diff check, matching and mapping. */
export function writeWorkspace(dir, {diffCheck = true, chunkSize = 5000, shape = 'standard'} = {}) {
	const names = shapes[shape];
	mkdirSync(join(dir, 'objects'), {recursive: true});
	mkdirSync(join(dir, 'connectors/people'), {recursive: true});
	writeFileSync(join(dir, 'sluice.yaml'), 'name: bench\nlimits: {max_input_bytes: 20GB, sql_rows: 20000000}\n');
	writeFileSync(
		join(dir, 'objects/people.yaml'),
		`name: People
fields:
${names.map((name) => `  - {api_name: ${name}, name: ${name}, type: ${fieldTypes[name] ?? 'text'}${name === 'external_id' ? ', identifier: true' : ''}}`).join('\n')}
`,
	);
	const types = {amount: 'number', active: 'boolean', signup_date: 'date', updated_at: 'datetime', email: 'email'};
	writeFileSync(
		join(dir, 'connectors/people/connector.yaml'),
		`name: People
type: spreadsheet
object: people
sample_file: sample.csv
sql: transform.sql
diff_check: ${diffCheck}
variables:
${names.map((name) => `  - {name: ${name}, scope: people, column: ${name}, type: ${types[name] ?? 'string'}${name === 'external_id' ? ', required: true' : ''}}`).join('\n')}
load_steps:
  - name: People
    object: people
    scope: people
    matching: [{field: external_id, variable: external_id}]
    mapping:
${names.map((name) => `      - {field: ${name}, variables: [${name}], conflict: overwrite}`).join('\n')}
settings: {chunk_size: ${chunkSize}}
`,
	);
	writeFileSync(
		join(dir, 'connectors/people/transform.sql'),
		`CREATE TABLE output.people AS
SELECT _line, ${names.map((name) => (shaped[name] ? `${shaped[name]} AS ${name}` : name)).join(', ')}
FROM input.sample
WHERE email LIKE '%@%';
`,
	);
	writeFileSync(
		join(dir, 'connectors/people/sample.csv'),
		`id,${names.join(',')}\n1,${names.map((name) => sample[name] ?? 'x').join(',')}\n`,
	);
}
