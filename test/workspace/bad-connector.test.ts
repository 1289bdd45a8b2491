import {expect, test} from 'vitest';
import {read, told} from './workspace-files.js';

const people = `name: People
fields:
  - {api_name: email, name: Email, type: text, identifier: true}
  - {api_name: score, name: Score, type: integer}
`;

const bad = `name: bad
type: spreadsheet
object: people
sample_file: sample.csv
variables:
  - {name: email, scope: input, column: email, type: string}
  - {name: scre, scope: input, column: score, type: boolean}
load_steps:
  - name: P
    object: peeple
    scope: input
    matching: [{field: email, variable: emial, multiple_match: next_rule_constrained}]
    mapping: [{field: score, variables: [scre], conflict: overwrit}]
`;

test('three misspelt names and a rule that decides nothing are all told in one go', async () => {
	const workspace = await read({
		'objects/people.yaml': people,
		'connectors/bad/connector.yaml': bad,
		'connectors/bad/sample.csv': 'email,score\na,1\n',
	});
	expect(told(workspace)).toEqual([
		'connectors/bad/connector.yaml:10:13  There is no object "peeple". Did you mean "people"? [people]',
		'connectors/bad/connector.yaml:12:41  There is no variable "emial". Did you mean "email"? [email, scre]',
		'connectors/bad/connector.yaml:12:64  The last matching rule goes to a next one with "multiple_match: next_rule_constrained", and there is none [do_not_upload]',
		'connectors/bad/connector.yaml:13:59  "overwrit" is not a value of "conflict". Did you mean "overwrite"? [overwrite, overwrite_skip_blank, only_update_blank, only_add_options]',
	]);
	expect(workspace.connectors[0]?.connector).toBeNull();
});

test.each([
	['type: webhook\nname: [\n', 'bad', 'webhook'],
	['name: A\nname: B\ntype: schedule\nvariables: nonsense\n', 'B', 'schedule'],
	['operation: export\nname: Out\nexport: {to: "\n', 'Out', 'export'],
	['name: Weekly\ntype: spreadshet\n', 'Weekly', null],
	['- type: webhook\n', 'bad', null],
])('a file with problems says what it is as far as that can be read: %j', async (yaml, name, kind) => {
	const {connectors} = await read({'connectors/bad/connector.yaml': yaml});
	expect(connectors.map((entry) => [entry.name, entry.kind, entry.connector, entry.problems.length > 0])).toEqual([
		[name, kind, null, true],
	]);
});
