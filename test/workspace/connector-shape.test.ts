import {describe} from 'vitest';
import {connector, each} from './connector-cases.js';

describe('the shape of a connector', () => {
	each([
		['a misspelt key', connector({more: '§nmae: x'}), ['Unknown key "nmae". Did you mean "name"?']],
		['a key nobody could mean', connector({more: '§zebra: x'}), ['Unknown key "zebra"']],
		[
			'a misspelt key that must be there is told once',
			connector({variables: '  - {name: a, column: a, §tpye: string}'}),
			[
				'Unknown key "tpye". Did you mean "type"?',
				'name, scope, column, value, type, array, delimiter, required, input_format, output_format, decimal_comma',
			],
		],
		['a key that is missing', connector({variables: '  - §{name: a, column: a}'}), ['"type" is missing', null]],
		['a key without a value', connector({variables: '  - name: a\n    column: a\n    §type:'}), ['"type" is missing']],
		[
			'a value that is not on the list',
			connector({variables: '  - {name: a, column: a, type: §sting}'}),
			['"sting" is not a value of "type". Did you mean "string"?', 'boolean, date, datetime, email, number, phone_number, string, uuid'],
		],
		[
			'a text where true or false belongs',
			connector({more: 'diff_check: §"yes"'}),
			['"diff_check" must be true or false, not a text', 'true or false'],
		],
		[
			'a text where a number belongs',
			connector({more: 'settings: {chunk_size: §many}'}),
			['"chunk_size" must be a whole number, not a text'],
		],
		['half a row', connector({more: 'settings: {chunk_size: §2.5}'}), ['"chunk_size" must be a whole number, not the number 2.5']],
		['a number out of bounds', connector({more: 'settings: {chunk_size: §0}'}), ['"chunk_size" must be at least 1', 'at least 1']],
		['a number where a text belongs', connector({more: 'name: §2024'}), ['"name" must be a text, not the number 2024: put it in quotes']],
		['a text where a list belongs', connector({more: 'secrets: §one'}), ['"secrets" must be a list, not a text', 'a list']],
		[
			'an item of the wrong kind',
			connector({variables: '  - §just text'}),
			[
				'An item of "variables" must be a map with the keys name, scope, column, value, type, array, delimiter, required, input_format, output_format, decimal_comma, not a text',
			],
		],
		[
			'an item of nothing',
			connector({variables: '  - §'}),
			[
				'An item of "variables" must be a map with the keys name, scope, column, value, type, array, delimiter, required, input_format, output_format, decimal_comma, not nothing',
			],
		],
		['an empty name', connector({more: 'name: §""'}), ['"name" is empty', 'a text']],
		[
			'a list that must have an item',
			connector({mapping: '      - {field: name, variables: §[]}'}),
			['"variables" must have at least 1 item'],
		],
		[
			'a misspelt ending in notify_on',
			connector({more: 'settings: {notify_on: [§fialed]}'}),
			['"fialed" is not a value of "notify_on". Did you mean "failed"?', 'completed, warning, failed, cancelled'],
		],
		[
			'a misspelt word for all endings',
			connector({more: 'settings: {notify_on: §al}'}),
			['"al" is not a value of "notify_on". Did you mean "all"?', 'all'],
		],
		['no mail address', connector({more: 'settings: {notification_emails: [§ops]}'}), ['"ops" is not a mail address', 'a mail address']],
		[
			'a name that is no name',
			connector({variables: '  - {name: §"{a}", column: a, type: string}'}),
			[
				'"{a}" is not a name for a variable',
				'a letter or underscore, then letters, digits, spaces, or one of _ . -, 63 characters at most',
			],
		],
		[
			'a delimiter that is none',
			connector({variables: '  - {name: a, column: a, type: string, array: true, delimiter: §"/"}'}),
			['"/" is not a value of "delimiter"', ',, ;, |, tab, {}, []'],
		],
		['a key that stands twice', connector({more: 'name: a\n§name: b'}), ['This key stands here twice']],
		[
			'several mistakes in one item',
			connector({variables: '  - {§colum: a, type: §sting, name: §1}'}),
			['Unknown key "colum". Did you mean "column"?'],
			['"sting" is not a value of "type". Did you mean "string"?'],
			['"name" must be a text, not the number 1: put it in quotes'],
		],
	]);

	each([
		[
			'a file that is no YAML',
			'name: [\n§',
			['This is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]'],
		],
		[
			'a list for a file',
			'§- a\n',
			[
				'The file must be a map with the keys name, description, operation, type, object, sample_file, read, sql, sql_parameters, secrets, reference_data, variables, additional_variables, diff_check, load_steps, settings, schedule, source, webhook, export, engine, not a list',
			],
		],
		['an empty file', '§', ['"type" is missing', 'spreadsheet, webhook, schedule']],
		['an alias to nothing', 'name: §*nobody\n', ['Nothing above is named by the anchor "&nobody"']],
	]);
});
