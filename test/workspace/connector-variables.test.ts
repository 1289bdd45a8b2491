import {describe} from 'vitest';
import {connector, each} from './connector-cases.js';

describe('variables', () => {
	each([
		[
			'a variable from nowhere',
			connector({variables: '  - §{name: a, type: string}'}),
			['The variable "a" is read from nowhere', 'column, or a literal value'],
		],
		[
			'a column and a literal',
			connector({variables: '  - {name: a, column: a, §value: 1, type: string}'}),
			['The variable "a" has both a column and a literal value'],
		],
		[
			'an array of booleans',
			connector({variables: '  - {name: a, column: a, type: boolean, array: §true}'}),
			['A boolean is never an array'],
		],
		[
			'a delimiter of nothing',
			connector({variables: '  - {name: a, column: a, type: string, §delimiter: ";"}'}),
			['"delimiter" is for arrays, and "a" is none'],
		],
		[
			'a decimal comma of a text',
			connector({variables: '  - {name: a, column: a, type: string, §decimal_comma: true}'}),
			['"decimal_comma" is for numbers, and "a" is string'],
		],
		[
			'a pattern without a year',
			connector({variables: '  - {name: a, column: a, type: date, input_format: §DD/MM}'}),
			['"DD/MM" cannot be the input_format of a date: the pattern lacks YYYY'],
		],
		...(
			[
				['hh:mm', 'hh counts to 12 and lacks A (AM or PM); HH counts to 23'],
				['HH:mm A', 'A (AM or PM) goes with hh, and HH counts to 23'],
				['A', 'A (AM or PM) lacks its hour: hh'],
				['HH:hh A', 'HH and hh both name the hour: HH counts to 23, hh to 12 with A'],
				['MMM', 'the pattern names a part twice'],
				['mm:ss A', 'A (AM or PM) lacks its hour: hh'],
				['hh:mm a', 'the letter "a" means nothing in a pattern'],
			] as const
		).map(([clock, problem]): [string, string, [string]] => [
			`the clock ${clock}`,
			connector({variables: `  - {name: a, column: a, type: datetime, input_format: §"DD.MM.YY ${clock}"}`}),
			[`"DD.MM.YY ${clock}" cannot be the input_format of a datetime: ${problem}`],
		]),
		[
			'a format of what has none',
			connector({variables: '  - {name: a, column: a, type: number, output_format: §"0.00"}'}),
			['"0.00" cannot be the output_format of a number: the type number has no formats'],
		],
		['a name that is taken', connector({variables: '  - {name: §email, column: a, type: string}'}), ['The name "email" is already taken']],
		[
			'a name that an exposed id has',
			connector({variables: '  - {name: who, column: a, type: string}', step: '    expose_as: §who'}),
			['The name "who" is already taken'],
		],
		[
			"one of Sluice's own names",
			connector({variables: '  - {name: §__row, column: a, type: string}'}),
			['"__row" cannot be used: names that begin with "__" are Sluice\'s own', 'a name that does not begin with "__"'],
		],
		[
			'a scope without SQL',
			connector({variables: '  - {name: a, column: a, type: string, scope: §output}'}),
			['Without SQL there is no scope "output"', 'input'],
		],
		[
			'an additional variable without a value',
			connector({more: 'additional_variables: [§{name: a}]'}),
			['"a" does not say what its value is', 'one of value, template or from'],
		],
		[
			'an additional variable with two',
			connector({more: 'additional_variables: [§{name: a, value: 1, from: row.number}]'}),
			['"a" has value and from'],
		],
		[
			'an origin that is misspelt',
			connector({more: 'additional_variables: [{name: a, from: §execution.stared_at}]'}),
			[
				'There is no value to take "execution.stared_at". Did you mean "execution.started_at"?',
				'execution.id, execution.started_at, execution.started_by, input.file_name, row.number',
			],
		],
		[
			'a parameter that is misspelt',
			connector({more: 'sql_parameters: {region: EU}\nadditional_variables: [{name: a, from: §parameter.reigon}]'}),
			['There is no value to take "parameter.reigon". Did you mean "parameter.region"?'],
		],
		[
			'a template with an unknown name',
			connector({more: 'additional_variables: [{name: a, template: §"{emial}"}]'}),
			['There is no variable "emial". Did you mean "email"?', 'email'],
		],
		[
			'a template that stands before what it needs',
			connector({more: 'additional_variables: [{name: a, template: §"{b}"}, {name: b, value: 1}]'}),
			['"b" is not defined above this template', 'email'],
		],
		[
			'a template with half a name',
			connector({more: 'additional_variables: [{name: a, template: §"{email"}]'}),
			['A brace of this template stands alone'],
		],
	]);
});
