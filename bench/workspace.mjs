import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

/** A workspace with one object and one connector of 11 typed variables, SQL, diff check, matching and mapping. */
export function writeWorkspace(dir, {diffCheck = true, chunkSize = 5000} = {}) {
	mkdirSync(join(dir, 'objects'), {recursive: true});
	mkdirSync(join(dir, 'connectors/people'), {recursive: true});
	writeFileSync(join(dir, 'sluice.yaml'), 'name: bench\nlimits: {max_input_bytes: 20GB, sql_rows: 20000000}\n');
	writeFileSync(
		join(dir, 'objects/people.yaml'),
		`name: People
fields:
  - {api_name: external_id, name: External id, type: text, identifier: true}
  - {api_name: first_name, name: First name, type: text}
  - {api_name: last_name, name: Last name, type: text}
  - {api_name: email, name: Email, type: email}
  - {api_name: amount, name: Amount, type: decimal}
  - {api_name: currency, name: Currency, type: text}
  - {api_name: active, name: Active, type: checkbox}
  - {api_name: signup_date, name: Signup, type: date}
  - {api_name: updated_at, name: Updated, type: datetime}
  - {api_name: city, name: City, type: text}
  - {api_name: notes, name: Notes, type: longtext}
`,
	);
	const types = {amount: 'number', active: 'boolean', signup_date: 'date', updated_at: 'datetime', email: 'email'};
	const names = [
		'external_id',
		'first_name',
		'last_name',
		'email',
		'amount',
		'currency',
		'active',
		'signup_date',
		'updated_at',
		'city',
		'notes',
	];
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
SELECT _line, external_id, trim(first_name) AS first_name, upper(last_name) AS last_name, lower(email) AS email, amount, currency, active, signup_date, updated_at, city, notes
FROM input.sample
WHERE email LIKE '%@%';
`,
	);
	writeFileSync(
		join(dir, 'connectors/people/sample.csv'),
		'id,external_id,first_name,last_name,email,amount,currency,active,signup_date,updated_at,city,notes\n1,C1,A,B,a@example.com,1.5,EUR,true,2020-01-01,2020-01-01T00:00:00Z,Oslo,x\n',
	);
}
