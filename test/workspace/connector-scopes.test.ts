import {describe} from 'vitest';
import {each} from './connector-cases.js';

describe('scopes and SQL', () => {
	const sql = {
		'connectors/c/transform.sql':
			'CREATE TABLE output.people AS SELECT * FROM input.a;\n-- output.old\nCREATE VIEW output.companies AS SELECT 1;\nCREATE TABLE output.bad_errors AS SELECT 1;\n',
	};
	const two = (text: string) => `type: spreadsheet
sample_file: sample.csv
sql: transform.sql
${text}`;
	each(
		[
			[
				'a scope that is left out of several',
				two('variables: [§{name: a, column: a, type: string}]\n'),
				['"scope" is missing, and there are several', 'people, companies'],
			],
			[
				'a scope the SQL does not make',
				two('variables: [{name: a, column: a, type: string, scope: §poeple}]\n'),
				['The SQL makes no table "poeple". Did you mean "people"?', 'people, companies'],
			],
			[
				'a scope that only a comment names',
				two('variables: [{name: a, column: a, type: string, scope: §old}]\n'),
				['The SQL makes no table "old"'],
			],
			[
				'a scope of errors',
				two('variables: [{name: a, column: a, type: string, scope: §bad_errors}]\n'),
				['"bad_errors" goes no further than the report: its name ends in "errors"'],
			],
			[
				'a variable of another scope',
				two(
					'variables:\n  - {name: a, column: a, type: string, scope: companies}\n  - {name: b, column: b, type: string, scope: people}\nload_steps:\n  - object: people\n    scope: people\n    matching: [{field: email, variable: §a}]\n    mapping: [{field: email, variables: [b]}]\n',
				),
				['"a" belongs to the scope "companies", and this step reads "people"', 'b'],
			],
			[
				'an exposed id of another scope, and one of a later step',
				two(
					'variables:\n  - {name: a, column: a, type: string, scope: companies}\n  - {name: b, column: b, type: string, scope: people}\nload_steps:\n  - {object: people, scope: people, expose_as: later, matching: [{field: email, variable: b}], mapping: [{field: email, variables: [b]}, {field: company, variables: [§company_id]}]}\n  - {object: companies, scope: companies, expose_as: company_id, matching: [{field: name, variable: a}], mapping: [{field: name, variables: [a]}]}\n  - {object: people, scope: people, matching: [{field: id, variable: later}], mapping: [{field: email, variables: [b]}]}\n',
				),
				['"company_id" belongs to the scope "companies", and this step reads "people"', 'b'],
			],
			[
				'a template over two scopes',
				two(
					'variables:\n  - {name: a, column: a, type: string, scope: companies}\n  - {name: b, column: b, type: string, scope: people}\nadditional_variables: [{name: t, template: §"{a} {b}"}]\n',
				),
				['"b" belongs to the scope "people", and what stands before it to "companies"', 'variables of one scope'],
			],
			[
				'a step before the one whose id it uses',
				two(
					'variables:\n  - {name: b, column: b, type: string, scope: people}\nload_steps:\n  - {object: people, scope: people, matching: [{field: id, variable: §who}], mapping: [{field: email, variables: [b]}]}\n  - {object: people, scope: people, expose_as: who, matching: [{field: email, variable: b}], mapping: [{field: email, variables: [b]}]}\n',
				),
				['"who" is set by load step 2, which comes later', 'b'],
			],
			[
				'SQL that is not there',
				'type: spreadsheet\nsample_file: sample.csv\nsql: §transfrom.sql\n',
				['The file "transfrom.sql" is not there, or cannot be read'],
			],
			[
				'a webhook without SQL',
				'type: §webhook\nsample_file: sample.csv\n',
				['A connector of type webhook needs SQL, and none is named', 'sql: transform.sql'],
			],
			[
				'a sample that is not there',
				'type: spreadsheet\nsample_file: §smaple.csv\n',
				['The file "smaple.csv" is not there, or cannot be read'],
			],
		],
		sql,
	);
});
