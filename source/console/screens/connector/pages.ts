import type {ConnectorDetail} from '../../../api/contract.js';
import {type Connector, scopesOf} from '../../../model/connector.js';
import {minuteText} from '../../../model/moment.js';
import {errorsOf, formatPlace, isHarmless, type Problem} from '../../../model/problem.js';
import {timezoneOf} from '../../live/live.js';
import {ageText} from '../../text/age.js';
import {widthOf} from '../../text/fit.js';
import {wrapSpans} from '../../text/wrap-spans.js';
import type {Span} from '../../theme/paint.js';
import {connectorSigns} from '../../theme/signs.js';
import type {ConnectorTab} from '../place.js';
import {labelOf} from '../row/load.js';
import type {ScreenContext} from '../screen.js';
import {countOf} from '../shared/words.js';
import {settingLines} from './settings.js';
import {scriptSpans} from './sql-spans.js';

type PageLine = string | readonly Span[];

/** The lines of a tab that is text: everything the files say, and what is wrong with them. */
export function pageOf(
	tab: ConnectorTab,
	detail: ConnectorDetail,
	{now, width, live}: Pick<ScreenContext, 'now' | 'width' | 'live'>,
): readonly PageLine[] {
	return linesOf(tab, detail, now, timezoneOf(live)).flatMap((line) => placed(typeof line === 'string' ? [{text: line}] : line, width));
}

/** A line of a page with the margin of the lists, broken where it is too long. */
function placed(line: readonly Span[], width: number): readonly PageLine[] {
	const indent = /^ */.exec(line[0]?.text ?? '')?.[0].length ?? 0;
	return wrapSpans(line, width - 2, indent + 4).map((part) => [{text: ' '}, ...part]);
}

function linesOf(tab: ConnectorTab, detail: ConnectorDetail, now: number, timezone: string): readonly PageLine[] {
	if (tab === 'overview') return overview(detail, now, timezone);
	const {configuration} = detail;
	if (configuration === null) return unreadable(detail);
	switch (tab) {
		case 'variables':
			return variableLines(configuration);
		case 'load':
			return loadStepLines(configuration);
		case 'sql':
			return sqlLines(detail, configuration);
		case 'settings':
			return settingLines(detail, configuration);
		default:
			return [];
	}
}

function overview(detail: ConnectorDetail, now: number, timezone: string): readonly PageLine[] {
	const sign = connectorSigns[detail.status];
	const {configuration, description, reason} = detail;
	return [
		[
			{text: `${sign.glyph} ${sign.word}`, tone: sign.tone},
			{text: `  ${detail.name}`, tone: 'strong'},
			{text: `  ${kindText(detail)}`, tone: 'muted'},
		],
		...(description === null ? [] : [description]),
		...(reason === null ? [] : [[{text: `! ${reason}`, tone: 'warning' as const}]]),
		`${detail.running} running, ${detail.queued} queued${detail.queued > 0 ? ': w reviews them' : ''}`,
		...nextLines(detail, now, timezone),
		'',
		...(configuration === null ? [] : [...flowLines(configuration), '']),
		...lackLines(detail),
		'',
		...problemLines(detail),
	];
}

/** What it is in a word or two; a file that cannot be read has no type yet. */
function kindText({type, operation, configuration}: ConnectorDetail): string {
	if (operation === 'export') return 'export';
	return configuration === null ? 'its file has problems' : `${type}, import`;
}

function lackLines({status, lacks}: ConnectorDetail): readonly PageLine[] {
	if (lacks.length > 0) return [title('What keeps it from being activated'), ...lacks.map((lack) => bad(lack))];
	const active = status === 'operational' || status === 'needs_attention';
	return [[{text: `✓ nothing keeps it from being active${active ? '' : ': t activates it'}`, tone: 'good' as const}]];
}

/** The next scheduled runs, a line each; while the connector is not active the clock only tells what would be. */
function nextLines({next_runs: runs, next_run: next}: ConnectorDetail, now: number, timezone: string): readonly PageLine[] {
	if (runs.length === 0) return [];
	return runs.map((at, index): readonly Span[] => [
		{text: index === 0 ? (next === null ? 'Would run  ' : 'Next runs  ') : '           ', tone: 'title'},
		{text: minuteText(at, timezone)},
		{text: `  ${ageText(at, now)}`, tone: 'muted'},
	]);
}

/** Input → SQL → variables → load steps, a line per scope. */
function flowLines(connector: Connector): readonly PageLine[] {
	const arrow: Span = {text: ' → ', tone: 'muted'};
	const given =
		connector.export === null ? (connector.type ?? 'input') : 'object' in connector.export.from ? connector.export.from.object : 'SQL';
	const from = connector.source === null ? given : 'source';
	const head: Span[] = [
		{text: 'Flow  ', tone: 'title'},
		{text: from, tone: 'accent'},
		arrow,
		{text: connector.sql === null ? 'no SQL' : 'SQL', tone: 'accent'},
	];
	if (connector.export !== null) return [[...head.slice(0, 2), arrow, {text: `export to ${connector.export.to}`, tone: 'accent'}]];
	const lines = scopesOf(connector).map((scope): readonly Span[] => {
		const variables = connector.variables.filter((variable) => variable.scope === scope).length;
		const steps = connector.loadSteps.map((step, index) => ({step, index})).filter(({step}) => step.scope === scope);
		return [
			{text: `        ${scope}`, tone: 'strong'},
			arrow,
			{text: countOf(variables, 'variable')},
			...(connector.diffCheck ? [arrow, {text: 'diff check'}] : []),
			...steps.flatMap(({step, index}) => [
				arrow,
				{text: `${index + 1}. ${step.name}`},
				...(step.object === step.name.toLowerCase() ? [] : [{text: ` to ${step.object}`, tone: 'muted' as const}]),
			]),
		];
	});
	return [head, ...lines];
}

function problemLines({problems}: ConnectorDetail): readonly PageLine[] {
	if (problems.length === 0) return [[{text: '✓ no configuration problems', tone: 'good'}]];
	return [
		title(errorsOf(problems).length === 0 ? `Warnings (${problems.length})` : `Problems (${problems.length})`),
		...problems.flatMap((problem) => [
			problemSpans(problem),
			...(problem.expected === null ? [] : [muted(`    expected: ${problem.expected}`)]),
		]),
	];
}

function unreadable(detail: ConnectorDetail): readonly PageLine[] {
	return [[{text: 'Its files cannot be read as they are; e opens them in $EDITOR.', tone: 'warning'}], '', ...problemLines(detail)];
}

function variableLines({variables, additionalVariables}: Connector): readonly PageLine[] {
	if (variables.length + additionalVariables.length === 0)
		return [muted('No variables yet: `sluice infer` proposes them from the sample.')];
	const width = Math.min(24, Math.max(...[...variables, ...additionalVariables].map(({name}) => name.length)));
	const groups = [...new Set(variables.map(({scope}) => scope))].flatMap((scope): PageLine[] => [
		title(scope),
		...variables
			.filter((variable) => variable.scope === scope)
			.map(({name, type, array, required, inputFormat, from, delimiter}): readonly Span[] => [
				{text: `  ${name.padEnd(width)}  `, tone: 'strong'},
				{text: `${array ? `${type}[] by ${delimiter}` : type}`.padEnd(18)},
				{text: 'column' in from ? `column ${from.column}` : `always "${from.value}"`},
				{text: `${inputFormat === null ? '' : `  ${inputFormat}`}`, tone: 'accent'},
				{text: required ? '  required' : '', tone: 'warning'},
			]),
		'',
	]);
	if (additionalVariables.length === 0) return groups;
	return [
		...groups,
		title('Additional variables'),
		...additionalVariables.map(({name, type, source}): readonly Span[] => [
			{text: `  ${name.padEnd(width)}  `, tone: 'strong'},
			{text: type.padEnd(18)},
			{text: 'value' in source ? `always "${source.value}"` : 'template' in source ? `template ${source.template}` : `from ${source.from}`},
		]),
	];
}

function loadStepLines({loadSteps}: Connector): readonly PageLine[] {
	if (loadSteps.length === 0) return [muted('No load steps.')];
	return loadSteps.flatMap(({name, object, scope, matching, mapping, exposeAs, automations}, index): PageLine[] => [
		[
			{text: `${index + 1}. ${name}`, tone: 'title'},
			{text: `  writes ${scope} to ${object}${exposeAs === null ? '' : `, its id as ${exposeAs}`}`, tone: 'muted'},
		],
		...matching.flatMap(({field, variable, noMatch, singleMatch, multipleMatch, archivedMatch}, rule): PageLine[] => [
			[
				{text: `   match ${rule + 1}  `, tone: 'accent'},
				{text: `${field} = ${variable}`, tone: 'strong'},
			],
			...(
				[
					['no match', noMatch],
					['one match', singleMatch],
					['several', multipleMatch],
					['archived', archivedMatch],
				] as const
			).map(([when, action]) => muted(`            ${when.padEnd(11)}${labelOf(action)}`)),
		]),
		...mappingLines(mapping),
		...(automations.onCreate.length + automations.onUpdate.length === 0 && !automations.suppressTriggers
			? []
			: [
					muted(
						`   automations: on create ${automations.onCreate.join(', ') || 'none'}; on update ${automations.onUpdate.join(', ') || 'none'}${automations.suppressTriggers ? '; triggers suppressed' : ''}`,
					),
				]),
		'',
	]);
}

function mappingLines(mapping: Connector['loadSteps'][number]['mapping']): readonly PageLine[] {
	const pairs = mapping.map(({field, variables, conflict}) => ({text: `${field} ← ${variables.join(' + ')}`, conflict}));
	const wide = Math.min(36, Math.max(0, ...pairs.map(({text}) => widthOf(text))));
	return pairs.map(({text, conflict}): readonly Span[] => [
		{text: '   map      ', tone: 'accent'},
		{text: text.padEnd(wide)},
		{text: `  ${labelOf(conflict)}`, tone: 'muted'},
	]);
}

function sqlLines({problems, lacks}: ConnectorDetail, {sql}: Connector): readonly PageLine[] {
	if (sql === null) return [muted('SQL is off: the one page of the input is the scope `input`.')];
	const found = problems.filter(({file}) => file === sql.file);
	const about = lacks.filter((lack) => /sql/i.test(lack));
	const verdict: readonly PageLine[] =
		found.length > 0
			? found.map(problemSpans)
			: about.length > 0
				? about.map((lack): readonly Span[] => [{text: `! ${lack}`, tone: 'warning'}])
				: [[{text: `✓ ${sql.file} is validated as it stands`, tone: 'good'}]];
	return [...verdict, '', ...scriptSpans(sql.text)];
}

function title(text: string): readonly Span[] {
	return [{text, tone: 'title'}];
}

function muted(text: string): readonly Span[] {
	return [{text, tone: 'muted'}];
}

function problemSpans(problem: Problem): readonly Span[] {
	const text = `${formatPlace(problem)}  ${problem.message}`;
	return isHarmless(problem) ? [{text: `! ${text}`, tone: 'warning'}] : bad(text);
}

function bad(text: string): readonly Span[] {
	return [{text: `✗ ${text}`, tone: 'bad'}];
}
