import {expect, test} from 'vitest';
import {scheduleHints} from '../../source/workspace/connector/schedule-hints.js';
import {parseYaml} from '../../source/workspace/yaml/yaml-file.js';

const hints = (cron: string) =>
	scheduleHints({file: 'connectors/c/connector.yaml', yaml: parseYaml(`schedule: {cron: "${cron}"}`)}).map(
		({line, column, message, severity}) => ({line, column, message, severity}),
	);

test.each(['30 6 1 * 1', '0 0 1-7 * 1', '0 6 */2 * 1-5', '0 0 6 1 * 1'])(
	'%s names both days: a hint says that either is enough',
	(cron) => {
		expect(hints(cron)).toEqual([
			{
				line: 1,
				column: 18,
				severity: 'hint',
				message: `"${cron}" names days of the month and weekdays: it runs on each day that is one or the other, not only on those that are both`,
			},
		]);
	},
);

test.each(['30 6 * * 1-5', '30 6 1 * *', '30 6 1 * ?', '@daily', 'nonsense', ''])('%s needs no hint', (cron) => {
	expect(hints(cron)).toEqual([]);
});
