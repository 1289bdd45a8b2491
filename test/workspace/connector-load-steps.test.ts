import {describe} from 'vitest';
import {connector, each} from './connector-cases.js';

describe('load steps', () => {
	each([
		[
			'an object that does not exist',
			connector({}).replace('object: people', 'object: §peeple'),
			['There is no object "peeple". Did you mean "people"?', 'companies, people'],
		],
		[
			'a matching field that does not exist',
			connector({matching: '{field: §emial, variable: email}'}),
			['There is no field of people "emial". Did you mean "email"?', 'email, name, score, born, member, tier, tags, company, id'],
		],
		[
			'a matching variable that does not exist',
			connector({matching: '{field: email, variable: §mail}'}),
			['There is no variable "mail". Did you mean "email"?', 'email'],
		],
		[
			'a type that does not suit in matching',
			connector({matching: '{field: score, variable: §email}'}),
			['"email" is string and cannot be matched with "score", whose type is integer', 'a variable of type number'],
		],
		[
			'text through its form suits in mapping alone',
			connector({
				variables: '  - {name: n, column: n, type: number}',
				matching: '{field: name, variable: §n}',
				mapping: '      - {field: name, variables: [n]}',
			}),
			['"n" is number and cannot be matched with "name", whose type is text', 'a variable of type email, string'],
		],
		[
			'a field with several values in matching',
			connector({matching: '{field: tags, variable: §email}'}),
			[
				'"email" is string and cannot be matched with "tags", whose type is dynamic_tags',
				'another field: one with several values cannot be matched',
			],
		],
		[
			'a text for a record id',
			connector({variables: '  - {name: n, column: n, type: number}', matching: '{field: id, variable: §n}'}),
			['"n" is number and cannot be matched with "id", whose type is uuid', 'a variable of type email, string, uuid'],
		],
		[
			'a last rule that falls through',
			connector({matching: '{field: email, variable: email, single_match: §next_rule_constrained}'}),
			[
				'The last matching rule goes to a next one with "single_match: next_rule_constrained", and there is none',
				'update_current, do_not_upload',
			],
		],
		[
			'an action of another outcome',
			connector({matching: '{field: email, variable: email, no_match: §update_current}'}),
			['"update_current" is not a value of "no_match"', 'create_new, next_rule_ignore_matches, do_not_upload'],
		],
		[
			'a mapping to a field that does not exist',
			connector({mapping: '      - {field: §nmae, variables: [email]}'}),
			['There is no field of people "nmae". Did you mean "name"?', 'email, name, score, born, member, tier, tags, company'],
		],
		[
			'a mapping to the record id',
			connector({mapping: '      - {field: §id, variables: [email]}'}),
			["A record's id is given to it and cannot be mapped"],
		],
		[
			'a field that is mapped twice',
			connector({mapping: '      - {field: §email, variables: [email]}'}),
			['"email" is mapped twice in this step'],
		],
		[
			'a type that does not suit in mapping',
			connector({variables: '  - {name: b, column: b, type: boolean}', mapping: '      - {field: score, variables: [§b]}'}),
			['"b" is boolean and does not suit "score", whose type is integer', 'a variable of type number'],
		],
		[
			'an array for one value',
			connector({variables: '  - {name: l, column: l, type: string, array: true}', mapping: '      - {field: name, variables: [§l]}'}),
			[
				'"l" is an array of string and does not suit "name", whose type is text',
				'a variable of type boolean, date, datetime, email, number, phone_number, string, uuid, and no array',
			],
		],
		[
			'joined text for a number',
			connector({variables: '  - {name: n, column: n, type: number}', mapping: '      - {field: score, variables: [§n, §n]}'}),
			['Several variables become one text, which does not suit "score", whose type is integer', 'one variable'],
			['Several variables become one text, which does not suit "score", whose type is integer'],
		],
		[
			'only_add_options for one value',
			connector({mapping: '      - {field: tier, variables: [email], conflict: §only_add_options}'}),
			[
				'"only_add_options" is for fields with several values, and "tier" is dropdown',
				'overwrite, overwrite_skip_blank, only_update_blank',
			],
		],
		[
			'create_options without options',
			connector({mapping: '      - {field: name, variables: [email], §create_options: true}'}),
			['"create_options" is for fields with options, and "name" is text'],
		],
		[
			'an automation that does not exist',
			connector({step: '    automations: {on_create: [§wellcome]}'}),
			['There is no automation "wellcome". Did you mean "welcome"?', 'founded, welcome'],
		],
		[
			'an automation of another object',
			connector({step: '    automations: {on_update: [§founded]}'}),
			['The automation "founded" is for companies, and this step writes people', 'welcome'],
		],
		[
			'an id that the very step sets',
			connector({step: '    expose_as: who', mapping: '      - {field: company, variables: [§who]}'}),
			['"who" is set by this very step', 'email'],
		],
		[
			'an identifier that is not mapped',
			connector({})
				.replace('{field: email, variables: [email]}', '{field: name, variables: [email]}')
				.replace('    mapping:', '    §mapping:'),
			['This step does not map "email", the unique identifier of people', 'a mapping with field: email'],
		],
	]);
});
