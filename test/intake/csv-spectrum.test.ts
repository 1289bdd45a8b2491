import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {onlyPage} from './support/intake.js';

const spectrum = join(import.meta.dirname, '../../node_modules/csv-spectrum');
const names = readdirSync(join(spectrum, 'csvs')).map((file) => file.replace('.csv', ''));

test('csv-spectrum has files to compare with', () => expect(names.length).toBeGreaterThanOrEqual(12));

/** Its JSON gives another telephone number than its CSV: a slip of csv-spectrum 2.0.0. */
const slips = new Map([['1234567890', '2095257564']]);

test.each(names)('csv-spectrum %s reads as its JSON says', async (name) => {
	const {page, rows} = await onlyPage(`${name}.csv`, readFileSync(join(spectrum, 'csvs', `${name}.csv`)));
	const objects = rows.map(([, ...cells]) => Object.fromEntries(page.headers.map((header, at) => [header, cells[at]])));
	const expected = JSON.parse(readFileSync(join(spectrum, 'json', `${name}.json`), 'utf8'), (_key, value) => slips.get(value) ?? value);
	expect(objects).toEqual([expected].flat());
});
