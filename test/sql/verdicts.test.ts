import {beforeAll, describe, expect, test} from 'vitest';
import {allowedSettings} from '../../source/engine/sql/guard/allowed-settings.js';
import {allowedCombinators} from '../../source/engine/sql/guard/verdicts/combinators.js';
import {allowedTypes, typeModifiers} from '../../source/engine/sql/guard/verdicts/data-types.js';
import {allowedFormats, refusedFormats, writtenFormats} from '../../source/engine/sql/guard/verdicts/formats.js';
import {allowedFunctions, refusedFunctions} from '../../source/engine/sql/guard/verdicts/functions.js';
import {allowedEngines, refusedEngines} from '../../source/engine/sql/guard/verdicts/table-engines.js';
import {allowedTableFunctions, refusedTableFunctions} from '../../source/engine/sql/guard/verdicts/table-functions.js';
import {allWords, words} from '../../source/engine/sql/guard/verdicts/words.js';
import {isAllowedFunction, tableFunctionArguments} from '../../source/engine/sql/guard/vocabulary.js';
import {newWorker} from './world.js';

/** Names that the syntax tree shows as functions and the engine does not list. */
const constructs = words(allowedFunctions.Constructs);

const lists = [
	{
		kind: 'functions',
		known: 'SELECT name FROM system.functions',
		allowed: allWords(allowedFunctions).filter((name) => !constructs.includes(name)),
		refused: allWords(refusedFunctions),
	},
	{
		kind: 'table functions',
		known: 'SELECT name FROM system.table_functions',
		allowed: Object.keys(allowedTableFunctions),
		refused: words(refusedTableFunctions),
	},
	{kind: 'table engines', known: 'SELECT name FROM system.table_engines', allowed: allowedEngines, refused: words(refusedEngines)},
	{
		kind: 'formats',
		known: 'SELECT name FROM system.formats',
		allowed: [...words(allowedFormats), ...words(writtenFormats)],
		refused: words(refusedFormats),
	},
	{
		kind: 'combinators of aggregates',
		known: 'SELECT name FROM system.aggregate_function_combinators',
		allowed: words(allowedCombinators),
		refused: [],
	},
	{
		kind: 'first words of data types',
		known: "SELECT DISTINCT splitByChar(' ', name)[1] AS name FROM system.data_type_families",
		allowed: words(allowedTypes),
		refused: [],
	},
] as const;

const engineLists = new Map<string, readonly string[]>();

beforeAll(async () => {
	const worker = await newWorker({sqlSandbox: 'off'});
	for (const {kind, known} of lists)
		engineLists.set(
			kind,
			(await worker.rows<{name: string}>(known)).map(({name}) => name),
		);
	const settings = await worker.rows<{name: string}>(
		'SELECT name FROM system.settings UNION ALL SELECT name FROM system.merge_tree_settings',
	);
	engineLists.set(
		'settings',
		settings.map(({name}) => name),
	);
	const types = await worker.rows<{name: string}>(
		"SELECT DISTINCT arrayJoin(arraySlice(splitByChar(' ', name), 2)) AS name FROM system.data_type_families",
	);
	engineLists.set(
		'further words of data types',
		types.map(({name}) => name),
	);
});

describe.each(lists)('$kind', ({kind, allowed, refused}) => {
	test('each that the engine lists has a verdict, and each verdict is on something that the engine lists', () => {
		const known = engineLists.get(kind) ?? [];
		expect(known.length).toBeGreaterThan(5);
		const decided = new Set<string>([...allowed, ...refused]);
		expect({withoutVerdict: known.filter((name) => !decided.has(name))}).toEqual({withoutVerdict: []});
		expect({unknown: [...decided].filter((name) => !known.includes(name))}).toEqual({unknown: []});
	});

	test('none is named twice, in any case: the guard compares names without it', () => {
		const names = [...allowed, ...refused].map((name) => name);
		expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
		const open = new Set(allowed.map((name) => name.toLowerCase()));
		expect(refused.filter((name) => open.has(name.toLowerCase()))).toEqual([]);
	});
});

test('the guard says of each function and table function what its list says', () => {
	for (const name of allWords(allowedFunctions)) expect(isAllowedFunction(name), name).toBe(true);
	for (const name of allWords(refusedFunctions)) expect(isAllowedFunction(name), name).toBe(false);
	for (const name of Object.keys(allowedTableFunctions)) expect(tableFunctionArguments(name), name).toBeDefined();
	for (const name of words(refusedTableFunctions)) expect(tableFunctionArguments(name), name).toBeUndefined();
	expect([isAllowedFunction('brandNewFunction'), tableFunctionArguments('brandNewSource')]).toEqual([false, undefined]);
});

test('the further words of a type, and the settings that may be changed, are those of the engine', () => {
	const modifiers = words(typeModifiers);
	expect(engineLists.get('further words of data types')?.filter((name) => !modifiers.includes(name))).toEqual([]);
	const settings = engineLists.get('settings') ?? [];
	expect([...allowedSettings].filter((name) => !settings.includes(name))).toEqual([]);
});
