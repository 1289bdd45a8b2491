import {test} from 'vitest';
import {expectProblems, type Told} from './marked.js';

const world = {
	'objects/companies.yaml':
		'fields: [{api_name: name, type: text, identifier: true}]\nfilter_groups: [{api_name: all_of_them, where: {field: name, is: is_blank, value: false}}]\n',
	'objects/people.yaml': `fields:
  - {api_name: email, type: email, identifier: true}
  - {api_name: name, type: text}
  - {api_name: score, type: integer}
  - {api_name: born, type: date}
  - {api_name: member, type: checkbox}
  - {api_name: tier, type: dropdown, options: [Gold]}
  - {api_name: tags, type: dynamic_tags}
  - {api_name: company, type: relationship, object: companies}
`,
	'automations/welcome.yaml': 'trigger: manual\nobject: people\naction: log\n',
	'automations/founded.yaml': 'trigger: manual\nobject: companies\naction: log\n',
	'connectors/c/sample.csv': 'email\n',
};

/** A connector that is right but for what stands in `more`, `variables`, `rule` and `mappings`. */
export function connector(parts: {more?: string; variables?: string; matching?: string; mapping?: string; step?: string}): string {
	const {more = '', variables = '', step = ''} = parts;
	const {matching = '{field: email, variable: email}', mapping = ''} = parts;
	return `type: spreadsheet
sample_file: sample.csv
${more}
variables:
  - {name: email, column: email, type: string}
${variables}
load_steps:
  - object: people
${step}
    matching:
      - ${matching}
    mapping:
      - {field: email, variables: [email]}
${mapping}
`;
}

export type Case = readonly [name: string, yaml: string, ...problems: Told[]];

const file = 'connectors/c/connector.yaml';

export function each(cases: readonly Case[], more: Readonly<Record<string, string>> = {}): void {
	for (const [name, yaml, ...problems] of cases) test(name, () => expectProblems({...world, ...more, [file]: yaml}, problems));
}
