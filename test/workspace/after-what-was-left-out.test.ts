import {connector, each} from './connector-cases.js';

const constrained = '{field: email, variable: email, single_match: next_rule_constrained}';

each([
	['a rule may go to a next one that is there', connector({matching: `${constrained}\n      - {field: name, variable: email}`})],
	[
		'a rule may go to a next one that cannot be read',
		connector({matching: `${constrained}\n      - §{field: name}`}),
		['"variable" is missing'],
	],
	[
		'what comes after an item that cannot be read is told at its own place',
		connector({
			variables: '  - §{name: a, column: a}\n  - {name: b, column: b, type: string, §delimiter: ";"}',
			mapping: '      - §{field: name}\n      - {field: §tgas, variables: [email]}',
		}),
		['"type" is missing'],
		['"delimiter" is for arrays, and "b" is none'],
		['"variables" is missing'],
		['There is no field of people "tgas". Did you mean "tags"?'],
	],
	[
		'a step after one that cannot be read is checked against its own lines',
		connector({})
			.replace('load_steps:', 'load_steps:\n  - §nothing like a step')
			.replace('{field: email, variables: [email]}', '{field: name, variables: [email]}')
			.replace('    mapping:', '    §mapping:'),
		['An item of "load_steps" must be a map with the keys name, object, scope, matching, mapping, expose_as, automations, not a text'],
		['This step does not map "email", the unique identifier of people'],
	],
]);
