import type {ConnectorDetail} from '../../../api/contract.js';
import {type Connector, scopesOf} from '../../../model/connector.js';
import {formatPlace} from '../../../model/problem.js';
import {ageText} from '../../text/age.js';
import type {Span} from '../../theme/paint.js';
import {connectorSigns} from '../../theme/signs.js';
import type {ConnectorTab} from '../place.js';
import {labelOf} from '../row/load.js';
import {scriptSpans} from './sql-spans.js';

type PageLine = string | readonly Span[];

/** The lines of a tab that is text: everything the files say, and what is wrong with them. */
export function pageOf(tab: ConnectorTab, detail: ConnectorDetail, now: number): readonly PageLine[] {
	if (tab === 'overview') return overview(detail, now);
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

function overview(detail: ConnectorDetail, now: number): readonly PageLine[] {
	const sign = connectorSigns[detail.status];
	const {configuration, lacks, description, reason} = detail;
	return [
		[
			{text: `${sign.glyph} ${sign.word}`, tone: sign.tone},
			{text: `  ${detail.name}`, tone: 'strong'},
			{text: `  ${detail.type}, ${detail.operation}`, tone: 'muted'},
		],
		...(description === null ? [] : [description]),
		...(reason === null ? [] : [[{text: `! ${reason}`, tone: 'warning' as const}]]),
		`${detail.running} running, ${detail.queued} queued`,
		...nextLines(detail, now),
		'',
		...(configuration === null ? [] : [...flowLines(configuration), '']),
		...(lacks.length === 0
			? [[{text: '✓ nothing keeps it from being active', tone: 'good' as const}]]
			: [title('What keeps it from being activated'), ...lacks.map((lack) => bad(lack))]),
		'',
		...problemLines(detail),
	];
}

/** The next scheduled runs, a line each; while the connector is not active the clock only tells what would be. */
function nextLines({next_runs: runs, next_run: next}: ConnectorDetail, now: number): readonly PageLine[] {
	if (runs.length === 0) return [];
	return runs.map((at, index): readonly Span[] => [
		{text: index === 0 ? (next === null ? 'Would run  ' : 'Next runs  ') : '           ', tone: 'title'},
		{text: `${at.slice(0, 16).replace('T', ' ')} UTC`},
		{text: `  ${ageText(at, now)}`, tone: 'muted'},
	]);
}

/** Input → SQL → variables → load steps, a line per scope. */
function flowLines(connector: Connector): readonly PageLine[] {
	const arrow: Span = {text: ' → ', tone: 'muted'};
	const from = connector.source === null ? (connector.type ?? 'input') : 'source';
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
			{text: `${variables} variables`},
			...(connector.diffCheck ? [arrow, {text: 'diff check'}] : []),
			...steps.flatMap(({step, index}) => [arrow, {text: `${index + 1} ${step.name} (${step.object})`}]),
		];
	});
	return [head, ...lines];
}

function problemLines({problems}: ConnectorDetail): readonly PageLine[] {
	if (problems.length === 0) return [[{text: '✓ no configuration problems', tone: 'good'}]];
	return [
		title(`Problems (${problems.length})`),
		...problems.flatMap((problem) => [
			bad(`${formatPlace(problem)}  ${problem.message}`),
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
			muted(`      none: ${labelOf(noMatch)}`),
			muted(`      one: ${labelOf(singleMatch)}`),
			muted(`      several: ${labelOf(multipleMatch)}`),
			muted(`      archived: ${labelOf(archivedMatch)}`),
		]),
		...mapping.map(({field, variables, conflict}): readonly Span[] => [
			{text: '   map      ', tone: 'accent'},
			{text: `${field} ← ${variables.join(' + ')}`},
			{text: `  ${labelOf(conflict)}`, tone: 'muted'},
		]),
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

function sqlLines({problems, lacks}: ConnectorDetail, {sql}: Connector): readonly PageLine[] {
	if (sql === null) return [muted('SQL is off: the one page of the input is the scope `input`.')];
	const found = problems.filter(({file}) => file === sql.file);
	const about = lacks.filter((lack) => /sql/i.test(lack));
	const verdict: readonly PageLine[] =
		found.length > 0
			? found.map((problem) => bad(`${formatPlace(problem)}  ${problem.message}`))
			: about.length > 0
				? about.map((lack): readonly Span[] => [{text: `! ${lack}`, tone: 'warning'}])
				: [[{text: `✓ ${sql.file} is validated as it stands`, tone: 'good'}]];
	return [...verdict, '', ...scriptSpans(sql.text)];
}

function settingLines(detail: ConnectorDetail, connector: Connector): readonly PageLine[] {
	const {settings, schedule, source, webhook, referenceData, secrets, sqlParameters, engine, diffCheck} = connector;
	const stop = settings.stopAfter;
	const pairs: readonly (readonly [string, string])[] = [
		['file', detail.file],
		['at once', settings.maxConcurrentExecutions === 0 ? '0: queues and runs nothing' : String(settings.maxConcurrentExecutions)],
		['chunk size', settings.chunkSize.toLocaleString('en-GB')],
		['diff check', diffCheck ? 'on' : 'off'],
		[
			'stops after',
			stop === null
				? 'never'
				: [stop.errors === null ? '' : `${stop.errors} errors`, stop.percent === null ? '' : `${stop.percent} %`]
						.filter(Boolean)
						.join(' or '),
		],
		[
			'notifies',
			`${settings.notificationEmails.join(', ') || 'nobody'} on ${typeof settings.notifyOn === 'string' ? settings.notifyOn : settings.notifyOn.join(', ')}`,
		],
		['webhook out', settings.executionEndedWebhook?.url ?? 'none'],
		['keeps', `${settings.keepExecutionsDays} days`],
		['schedule', schedule === null ? 'none' : JSON.stringify(schedule)],
		['source', source === null ? 'none' : 'file' in source ? source.file : 'url' in source ? source.url : 'SQL'],
		['webhook in', webhook === null ? 'none' : `every ${webhook.cadenceSeconds} s`],
		['reference', referenceData.map(({object, fields}) => `${object} (${fields.join(', ') || 'kizen_id'})`).join('; ') || 'none'],
		[
			'parameters',
			Object.entries(sqlParameters)
				.map(([name, value]) => `${name}=${value}`)
				.join(', ') || 'none',
		],
		['secrets', secrets.join(', ') || 'none'],
		['engine', engine ?? 'any'],
	];
	return [...pairs.map(([name, text]): readonly Span[] => [{text: name.padEnd(13), tone: 'strong'}, {text}])];
}

function title(text: string): readonly Span[] {
	return [{text, tone: 'title'}];
}

function muted(text: string): readonly Span[] {
	return [{text, tone: 'muted'}];
}

function bad(text: string): readonly Span[] {
	return [{text: `✗ ${text}`, tone: 'bad'}];
}
