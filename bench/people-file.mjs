import {createWriteStream} from 'node:fs';

const cities = ['Oslo', 'Lyon', 'Málaga', 'Zürich', 'Kraków', 'Porto', 'Gent', 'Århus'];
const currencies = ['EUR', 'CHF', 'NOK', 'PLN'];

/** The columns of the file by shape, `external_id` being the key: 6, 12 and 60 of them. */
const standard = [
	'external_id',
	'first_name',
	'last_name',
	'email',
	'amount',
	'currency',
	'active',
	'signup_date',
	'updated_at',
	'city',
	'notes',
];
export const shapes = {
	narrow: ['external_id', 'last_name', 'email', 'amount', 'signup_date'],
	standard,
	wide: [...standard, ...Array.from({length: 48}, (_, index) => `extra_${index + 1}`)],
};

/**
 * Writes a CSV of people, in the standard shape 12 columns and about 140 bytes a row: quotes, accents, and 4 % of amounts that are no number.
 * The same `rows` and `round` give the same bytes; `shuffled` gives the same rows in another order.
 */
export async function writePeople(path, rows, {shuffled = false, round = 0, shape = 'standard'} = {}) {
	const columns = shapes[shape];
	const out = createWriteStream(path, {highWaterMark: 1 << 20});
	out.write(`id,${columns.join(',')}\n`);
	let block = '';
	for (let at = 0; at < rows; at++) {
		block += line(shuffled ? scattered(at, rows) : at, round, columns);
		if (block.length > 1 << 20) {
			if (!out.write(block)) await new Promise((resolve) => out.once('drain', resolve));
			block = '';
		}
	}
	await new Promise((resolve) => out.end(block, resolve));
}

/** A fixed reordering of 0..rows-1: steps by a number that shares no factor with `rows`. */
function scattered(at, rows) {
	let step = Math.floor(rows * 0.618) | 1;
	while (gcd(step, rows) !== 1) step += 2;
	return (at * step) % rows;
}

function gcd(a, b) {
	return b === 0 ? a : gcd(b, a % b);
}

function line(n, round, columns) {
	const key = String(n).padStart(9, '0');
	const day = String(1 + (n % 28)).padStart(2, '0');
	const month = String(1 + (n % 12)).padStart(2, '0');
	const values = {
		external_id: `C${key}`,
		first_name: `First${n % 5000}`,
		last_name: `"O'Name, ${n % 20_000}"`,
		email: `person${key}@example.com`,
		amount: n % 25 === 0 ? 'n/a' : `${((n * 7919 + round) % 1_000_000) / 100}`,
		currency: currencies[n % 4],
		active: n % 3 === 0 ? 'true' : 'false',
		signup_date: `20${10 + (n % 15)}-${month}-${day}`,
		updated_at: `2026-${month}-${day}T${String(n % 24).padStart(2, '0')}:30:00Z`,
		city: cities[n % 8],
		notes: `"note ""${n % 1000}"" of row ${n}"`,
	};
	return `${n},${columns.map((name) => values[name] ?? `${name} ${n % 997}`).join(',')}\n`;
}
