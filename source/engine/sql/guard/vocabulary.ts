import type {SqlSession} from '../../../model/sql-session.js';

/** Categories of the engine's functions that compute from their arguments alone. A category that is not here is not allowed. */
const categories: ReadonlySet<string> = new Set([
	'Aggregate Functions',
	'Arithmetic',
	'Arrays',
	'Bit',
	'Bitmap',
	'Comparison',
	'Conditional',
	'Dates and Times',
	'Distance',
	'Encoding',
	'Encryption',
	'Financial',
	'Geo',
	'Geo Polygon',
	'Hash',
	'IP Address',
	'JSON',
	'Logical',
	'Map',
	'Mathematical',
	'Null',
	'NumericIndexedVector',
	'Random Number',
	'Rounding',
	'String',
	'String Replacement',
	'String Search',
	'String Splitting',
	'Time Window',
	'Tuple',
	'Type Conversion',
	'URL',
	'UUID',
]);

/** Functions of the category "Other" and constructs of the language that compute from their arguments alone. */
const others: ReadonlySet<string> = new Set(
	`MACNumToString MACStringToNum MACStringToOUI bar blockNumber blockSize byteSize colorOKLABToSRGB colorOKLCHToSRGB colorSRGBToOKLAB
	colorSRGBToOKLCH countDigits currentDatabase defaultValueOfArgumentType defaultValueOfTypeName digits exists finalizeAggregation
	flipCoordinates formatReadableDecimalSize formatReadableQuantity formatReadableSize formatReadableTimeDelta getSizeOfEnumType getSubcolumn
	grouping identity ignore indexHint initializeAggregation isConstant isDecimalOverflow lambda lowCardinalityIndices lowCardinalityKeys
	materialize minSampleSizeContinuous minSampleSizeConversion neighbor parseReadableSize parseReadableSizeOrNull parseReadableSizeOrZero
	parseTimeDelta rowNumberInAllBlocks rowNumberInBlock runningAccumulate runningDifference runningDifferenceStartingWithFirstValue throwIf
	toColumnTypeName toTypeName transform untuple variantElement variantType version visibleWidth caseWithExpression _CAST`.split(/\s+/),
);

/** Aggregates that look into the engine, and a scalar function that sleeps in the category of dates on no engine yet known. */
const refused: ReadonlySet<string> = new Set(['flameGraph', 'estimateCompressionRatio', 'serverTimezone']);

/** Endings that make a new aggregate of an aggregate: `sumIf`, `uniqArrayState`. */
const combinators = /(?:If|Array|Map|ForEach|Distinct|OrDefault|OrNull|Merge|SimpleState|State|Resample|ArgMin|ArgMax|Null|Tuple)$/;

/** Table functions whose rows come from their arguments. */
const tableFunctions: ReadonlySet<string> = new Set(
	['numbers', 'numbers_mt', 'zeros', 'zeros_mt', 'generateSeries', 'generate_series', 'generateRandom', 'values', 'view', 'null'].map(
		(name) => name.toLowerCase(),
	),
);

/** Table functions that reach outside, allowed through a named collection alone. */
export const sources: ReadonlySet<string> = new Set(['postgresql', 'mysql', 's3', 'url']);

/** What the words of a statement mean to the guard. */
export type Vocabulary = {
	/** Whether an expression may call it. */
	readonly isAllowedFunction: (name: string) => boolean;
	/** The same without regard to case, for words that may be keywords: `IN (`, `OR (`. */
	readonly isAllowedWord: (word: string) => boolean;
	readonly isAllowedTableFunction: (name: string) => boolean;
	/** Whether the engine has a function or table function of that name, in any case, allowed or not. */
	readonly isKnown: (name: string) => boolean;
};

type FunctionRow = {name: string; aggregate: number; anyCase: number; alias: string; category: string};

const loaded = new WeakMap<SqlSession, Vocabulary>();

/** The vocabulary of the engine behind a session: its own lists of functions, less what SQL may not call. Asked for once per session. */
export async function loadVocabulary(session: SqlSession): Promise<Vocabulary> {
	const vocabulary = loaded.get(session) ?? (await askVocabulary(session));
	loaded.set(session, vocabulary);
	return vocabulary;
}

async function askVocabulary(session: SqlSession): Promise<Vocabulary> {
	const functions = await session.rows<FunctionRow>(
		'SELECT name, is_aggregate AS aggregate, case_insensitive AS anyCase, alias_to AS alias, categories AS category FROM system.functions',
	);
	const tables = await session.rows<{name: string}>('SELECT name FROM system.table_functions');
	return vocabularyOf(functions, tables);
}

function vocabularyOf(functions: readonly FunctionRow[], tables: readonly {name: string}[]): Vocabulary {
	const byName = new Map(functions.map((row) => [row.name, row]));
	const allows = ({name, aggregate, alias, category}: FunctionRow): boolean => {
		if (refused.has(name)) return false;
		if (others.has(name)) return true;
		const original = alias === '' ? undefined : byName.get(alias);
		if (original !== undefined) return allows(original);
		return categories.has(category) || (aggregate === 1 && category === 'Machine Learning');
	};
	const allowed = functions.filter(allows);
	const exact = new Set([...others, ...allowed.map(({name}) => name)]);
	const anyCase = new Set(allowed.filter((row) => row.anyCase === 1).map(({name}) => name.toLowerCase()));
	const aggregates = new Set(allowed.filter((row) => row.aggregate === 1).map(({name}) => name));
	const anyCaseAggregates = new Set(allowed.filter((row) => row.aggregate === 1 && row.anyCase === 1).map(({name}) => name.toLowerCase()));
	const words = new Set([...exact].map((name) => name.toLowerCase()));
	const known = new Set([...functions, ...tables].map(({name}) => name.toLowerCase()));
	const isAggregate = (name: string): boolean => {
		if (aggregates.has(name) || anyCaseAggregates.has(name.toLowerCase())) return true;
		const base = name.replace(combinators, '');
		return base !== name && base !== '' && isAggregate(base);
	};
	return {
		isAllowedFunction: (name) => exact.has(name) || anyCase.has(name.toLowerCase()) || isAggregate(name),
		isAllowedWord: (word) => words.has(word.toLowerCase()),
		isAllowedTableFunction: (name) => tableFunctions.has(name.toLowerCase()),
		isKnown: (name) => known.has(name.toLowerCase()),
	};
}
