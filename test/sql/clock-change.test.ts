import {expect, test} from 'vitest';
import {Zone} from '../../source/engine/variables/zone.js';
import {newFolder, newWorker} from './world.js';

const changes = [
	// zone, the skipped or repeated time, as a datetime variable reads it, as the SQL engine does
	['Europe/Paris', '2026-03-29 02:30', '2026-03-29T01:30', '2026-03-29T00:30'],
	['Europe/Paris', '2026-10-25 02:30', '2026-10-25T00:30', '2026-10-25T00:30'],
	['Europe/London', '2026-03-29 01:30', '2026-03-29T01:30', '2026-03-29T00:30'],
	['Europe/London', '2026-10-25 01:30', '2026-10-25T00:30', '2026-10-25T00:30'],
	['America/New_York', '2026-03-08 02:30', '2026-03-08T07:30', '2026-03-08T06:30'],
	['America/New_York', '2026-11-01 01:30', '2026-11-01T05:30', '2026-11-01T05:30'],
	['America/Santiago', '2026-09-06 00:30', '2026-09-06T04:30', '2026-09-06T03:30'],
	['America/Santiago', '2026-04-04 23:30', '2026-04-05T02:30', '2026-04-05T02:30'],
	['Australia/Sydney', '2026-10-04 02:30', '2026-10-03T16:30', '2026-10-03T15:30'],
	['Australia/Sydney', '2026-04-05 02:30', '2026-04-04T15:30', '2026-04-04T15:30'],
	['Australia/Lord_Howe', '2026-10-04 02:15', '2026-10-03T15:45', '2026-10-03T15:15'],
	['Australia/Lord_Howe', '2026-04-05 01:45', '2026-04-04T14:45', '2026-04-04T14:45'],
] as const;

test('a repeated time is the first of both for variables and SQL; a skipped one keeps its distance from midnight for variables, and SQL moves it back', async () => {
	const worker = await newWorker({}, {}, newFolder());
	const read = changes.map(async ([zone, at]) => {
		const parsers = [
			`toDateTime('${at}:00', '${zone}')`,
			`toDateTime64('${at}:00', 3, '${zone}')`,
			`parseDateTimeBestEffort('${at}', '${zone}')`,
		];
		const texts = parsers.map((parser) => `formatDateTime(toTimeZone(${parser}, 'UTC'), '%Y-%m-%dT%H:%i')`);
		const [row] = await worker.rows<{all: string[]}>(`SELECT arrayDistinct([${texts.join(', ')}]) AS all`);
		return [zone, at, new Zone(zone).resolve(`${at.replace(' ', 'T')}:00.000`).value?.slice(0, 16), row?.all.join(' or ')];
	});
	expect(await Promise.all(read)).toEqual(changes);
});
