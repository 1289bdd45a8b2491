import {expect, test} from 'vitest';
import {Latest} from '../../source/console/app/latest.js';

/** Questions that are answered when the test says so. */
function questions() {
	const latest = new Latest();
	const asked: string[] = [];
	const answers = new Map<string, () => void>();
	return {
		asked,
		ask: (name: string, text: string) =>
			latest.ask(name, () => {
				asked.push(text);
				return new Promise((resolve) => answers.set(text, resolve));
			}),
		answer: async (text: string) => {
			answers.get(text)?.();
			await new Promise(setImmediate);
		},
	};
}

test('of what is asked while an answer is on its way, the last is asked when it has come', async () => {
	const {asked, ask, answer} = questions();
	for (const text of ['t', 'to', 'tom']) ask('find', text);
	expect(asked).toEqual(['t']);
	await answer('t');
	expect(asked).toEqual(['t', 'tom']);
	await answer('tom');
	ask('find', 'x');
	expect(asked).toEqual(['t', 'tom', 'x']);
});

test('questions under other names do not wait for each other', () => {
	const {asked, ask} = questions();
	ask('find', 'a');
	ask('page 2', 'b');
	expect(asked).toEqual(['a', 'b']);
});
