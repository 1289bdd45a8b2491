import {outcomeSigns} from '../../theme/signs.js';
import {valueText} from '../shared/words.js';
import {membersOf} from '../tables/cells.js';
import {type ExplainedStep, loadLines} from './load.js';
import type {StageLine} from './stage-line.js';

/** What `explain` tells (SPEC 13): a key per stage that the row reached. */
export type Explained = {
	readonly row: number;
	readonly scope: string;
	readonly intake: {
		readonly line: number | null;
		readonly text: string | null;
		/** Where several pages have the line. */
		readonly texts?: readonly {readonly page: string; readonly text: string}[];
		/** Why there is no text, or not one alone. */
		readonly note?: string | null;
	};
	readonly sql?: {readonly table: string; readonly values: Readonly<Record<string, unknown>>};
	readonly variables?: {
		readonly state: string;
		readonly reason: string | null;
		readonly values: Readonly<
			Record<string, {readonly raw: unknown; readonly value: unknown; readonly type: string; readonly problem: string | null}>
		>;
	};
	readonly diff: {readonly unchanged: boolean; readonly since: string | null} | null;
	readonly [load: `load:${number}`]: ExplainedStep;
};

/** One step of a row's way: its title in the line of stages, what it did in a word, and its lines. */
export type StageView = {readonly name: string; readonly title: string; readonly outcome: string; readonly lines: readonly StageLine[]};

/** The way of a row, from its line to its last load step, in the order things happened. */
export function stagesOf(explained: Explained): readonly StageView[] {
	return [
		inputStage(explained),
		...(explained.sql ? [sqlStage(explained.sql)] : []),
		...(explained.variables ? [variablesStage(explained.variables)] : []),
		...(explained.diff ? [diffStage(explained.diff)] : []),
		...loadStages(explained),
	];
}

function inputStage({intake: {line, text, texts = [], note}}: Explained): StageView {
	const lines: StageLine[] =
		line === null
			? [
					[{text: 'This scope does not carry the line of the input file.'}],
					[{text: 'Select _line in transform.sql to trace rows back.', tone: 'muted'}],
				]
			: [
					pair('Line', String(line)),
					[],
					...(text === null ? texts.map((one) => pair(one.page, one.text, widest(texts.map(({page}) => page)))) : [[{text}]]),
					...(note ? [[{text: note, tone: 'muted' as const}]] : []),
				];
	return {name: 'intake', title: 'Input', outcome: line === null ? '' : `line ${line}`, lines};
}

function sqlStage({table, values}: NonNullable<Explained['sql']>): StageView {
	const width = widest(Object.keys(values));
	return {
		name: 'sql',
		title: 'SQL output',
		outcome: table,
		lines: Object.entries(values).map(([name, value]) => pair(name, valueText(value), width)),
	};
}

function variablesStage({state, reason, values}: NonNullable<Explained['variables']>): StageView {
	const width = widest(Object.keys(values));
	const lines = Object.entries(values).flatMap(([name, {raw, value, type, problem}]): StageLine[] => {
		const typed = valueText(value);
		const same = valueText(raw) === typed || raw === null;
		const head: StageLine = [
			{text: `${name.padEnd(width)}  `, tone: 'strong'},
			{text: typed === '' ? '(blank)' : typed, tone: typed === '' ? 'muted' : 'normal'},
			{text: `  ${type}`, tone: 'muted'},
			...(same ? [] : [{text: `  from "${valueText(raw)}"`, tone: 'accent' as const}]),
		];
		return problem === null ? [head] : [head, [{text: `${' '.repeat(width + 2)}! ${problem}`, tone: 'warning'}]];
	});
	const head: StageLine[] = state === 'ok' ? [] : [[{text: `${state}${reason === null ? '' : `: ${reason}`}`, tone: 'warning'}], []];
	return {name: 'variables', title: 'Variables', outcome: state, lines: [...head, ...lines]};
}

function diffStage({unchanged, since}: NonNullable<Explained['diff']>): StageView {
	const text = unchanged
		? `Unchanged since ${since ?? 'an earlier run'}: it is skipped in every step.`
		: 'New or changed since the last successful run: it goes on.';
	return {name: 'diff', title: 'Diff check', outcome: unchanged ? 'unchanged' : 'changed', lines: [[{text}]]};
}

function loadStages(explained: Explained): readonly StageView[] {
	return Object.entries(explained)
		.filter((entry): entry is [`load:${number}`, ExplainedStep] => entry[0].startsWith('load:') && 'outcome' in membersOf(entry[1]))
		.map(([name, step]) => ({name, title: step.name, outcome: wordOf(step.outcome), lines: loadLines(step)}));
}

function wordOf(outcome: string): string {
	const sign = (outcomeSigns as Readonly<Record<string, {glyph: string; word: string}>>)[outcome];
	return sign === undefined ? outcome : `${sign.glyph} ${sign.word}`;
}

export function widest(names: readonly string[]): number {
	return Math.min(
		24,
		names.reduce((most, name) => Math.max(most, name.length), 0),
	);
}

function pair(name: string, text: string, width = name.length): StageLine {
	return [{text: `${name.padEnd(width)}  `, tone: 'strong'}, text === '' ? {text: '(blank)', tone: 'muted'} : {text}];
}
