import {describe, expect, test} from 'vitest';
import {expectProblems, type Told} from './marked.js';
import {read} from './workspace-files.js';

const fields = (...lines: readonly string[]) =>
	['fields:', '  - {api_name: code, type: text, identifier: true}', ...lines.map((line) => `  - ${line}`), ''].join('\n');

/** A group with this condition on an object with a field of most kinds. */
const group = (where: string) =>
	`${fields('{api_name: price, type: money}', '{api_name: born, type: date}', '{api_name: is_new, type: checkbox}', '{api_name: tags, type: dynamic_tags}')}filter_groups:\n  - {api_name: g, where: ${where}}\n`;

const cases: Readonly<Record<string, readonly [yaml: string, ...told: Told[]]>> = {
	'a type that is misspelt': [fields('{api_name: a, type: §txt}'), ['"txt" is not a value of "type". Did you mean "text"?']],
	'an api_name that is none': [
		fields('{api_name: §First-Name, type: text}'),
		['"First-Name" is not an api_name', 'a lower-case letter, then up to 62 lower-case letters, digits or underscores'],
	],
	'a name that every record has': [
		fields('{api_name: §id, type: uuid}'),
		['"id" is a name every record has for itself', 'any api_name but id, kizen_id'],
	],
	'a field that stands twice': [fields('{api_name: §code, type: text}'), ['Another field is already named "code"']],
	'no fields': ['§name: Things\n', ['"fields" is missing']],
	'an empty list of fields': ['fields: §[]\n', ['"fields" must have at least 1 item']],
	'no identifier': [
		'§fields:\n  - {api_name: code, type: text}\n',
		['No field is the unique identifier', 'identifier: true at one field of type text, email, phone_number, url, integer, uuid: code'],
	],
	'two identifiers': [
		fields('{api_name: other, type: text, identifier: §true}'),
		['"other" cannot be the unique identifier too: "code" is', 'exactly one field with identifier: true'],
	],
	'an identifier of a type that cannot be one': [
		'fields: [{api_name: born, type: §date, identifier: true}]\n',
		['"born" cannot identify records: its type is date', 'text, email, phone_number, url, integer, uuid'],
	],
	'a relationship to nothing': [
		fields('§{api_name: a, type: relationship}'),
		['The relationship "a" does not say which object it leads to', 'object: things'],
	],
	'a relationship to an unknown object': [
		fields('{api_name: a, type: relationship, object: §thinsg}'),
		['There is no object "thinsg". Did you mean "things"?', 'things'],
	],
	'an object for a text': [
		fields('{api_name: a, type: text, §object: things}'),
		['"object" is for relationships, and this field is text', 'type: relationship'],
	],
	'several values of a text': [
		fields('{api_name: a, type: text, §multiple: true}'),
		['"multiple" is for relationships, and this field is text'],
	],
	'options of a number': [fields('{api_name: a, type: integer, §options: [1]}'), ['A field of type integer has no options']],
	'an option that stands twice': [fields('{api_name: a, type: dropdown, options: [x, §x]}'), ['The option "x" stands here twice']],
	'a condition on an unknown field': [
		group('{field: §cde, is: "=", value: x}'),
		['There is no field "cde". Did you mean "code"?', 'code, price, born, is_new, tags'],
	],
	'a comparison that is misspelt': [
		group('{field: code, is: §contain, value: x}'),
		[
			'"contain" is not a value of "is". Did you mean "contains"?',
			'=, !=, >, >=, <, <=, between, contains, starts_with, any_of, none_of, is_blank',
		],
	],
	'a condition without a comparison': [group('§{field: code}'), ['The condition on "code" does not say how it compares']],
	'a condition that compares nothing': [group('§{}'), ['This condition compares nothing', 'field, is and value; or all; or any']],
	'a condition of two shapes': [group('§{all: [], any: []}'), ['A condition is one of "all" or "any", not both']],
	'a wrong condition deep inside': [
		group('{all: [{any: [{field: §prise, is: is_blank}]}]}'),
		['There is no field "prise". Did you mean "price"?'],
	],
	'a comparison without a value': [group('§{field: code, is: "="}'), ['"=" needs a value to compare with', 'one value']],
	'between what': [group('{field: price, is: between, value: §5}'), ['"between" takes a list of two values', 'a list of two values']],
	'a list where one value belongs': [group('{field: code, is: "=", value: §[a]}'), ['"=" takes one value']],
	'one value where a list belongs': [group('{field: code, is: any_of, value: §a}'), ['"any_of" takes a list of values']],
	'an order of what has none': [
		group('{field: tags, is: §">", value: a}'),
		['">" cannot compare "tags", whose type is dynamic_tags', '=, !=, any_of, none_of, is_blank'],
	],
	'text inside a number': [group('{field: price, is: §contains, value: "9"}'), ['"contains" cannot compare "price", whose type is money']],
	'a text for a number': [
		group('{field: price, is: ">", value: §cheap}'),
		['"cheap" cannot be compared with "price", whose type is money', 'a number'],
	],
	'a text for a day': [
		group('{field: born, is: between, value: [2020-01-01, §today]}'),
		['"today" cannot be compared with "born", whose type is date', 'a date as YYYY-MM-DD'],
	],
	'a text for true or false': [
		group('{field: is_new, is: "=", value: §"yes"}'),
		['"yes" cannot be compared with "is_new", whose type is checkbox', 'true or false'],
	],
};

describe('an object', () => {
	for (const [name, [yaml, ...told]] of Object.entries(cases)) test(name, () => expectProblems({'objects/things.yaml': yaml}, told));
});

test('a file with mistakes in several fields tells them all, and no mistake that only follows from them', async () => {
	await expectProblems(
		{
			'objects/things.yaml':
				'fields:\n  - {api_name: code, type: §txt, identifier: true}\n  - {api_name: §"1st", type: text}\n  - §{api_name: last}\n',
		},
		[['"txt" is not a value of "type". Did you mean "text"?'], ['"1st" is not an api_name'], ['"type" is missing']],
	);
});

test('values keep the digits that were typed', async () => {
	const {objects} = await read({
		'objects/things.yaml': `fields:
  - {api_name: code, type: text, identifier: true}
  - {api_name: size, type: dropdown, options: [0012, 1.50, yes]}
  - {api_name: price, type: money}
filter_groups:
  - {api_name: g, where: {any: [{field: code, is: any_of, value: [0012]}, {field: price, is: between, value: [1.50, 2]}]}}
`,
	});
	expect(objects[0]?.fields[1]?.options).toEqual(['0012', '1.50', 'yes']);
	expect(objects[0]?.filterGroups).toEqual([
		{
			apiName: 'g',
			name: 'g',
			where: {
				any: [
					{field: 'code', is: 'any_of', value: ['0012']},
					{field: 'price', is: 'between', value: ['1.50', 2]},
				],
			},
		},
	]);
});
