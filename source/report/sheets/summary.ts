import type {Connector} from '../../model/connector.js';
import {tookText} from '../../model/duration.js';
import type {Execution, Stage} from '../../model/execution.js';
import type {LoadStep} from '../../model/load-step.js';
import {clockText} from '../../model/moment.js';
import type {Cell} from '../workbook/small-sheet.js';

/** A sheet as the Summary lists it. */
export type SummarySheet = {readonly name: string; readonly title: string; readonly rows: number; readonly note: string | null};

export type SummaryFacts = {
	readonly execution: Execution;
	readonly connector: Connector;
	readonly diffCheck: boolean;
	/** In which times are shown. */
	readonly timezone: string;
	readonly sheets: readonly SummarySheet[];
};

export const summaryWidths = [24, 34, 18, 14, 12, 12, 12, 12, 12, 12, 26, 26, 14] as const;

const title = (text: string): readonly Cell[] => [{text, style: 'title'}];
const heads = (...texts: readonly string[]): readonly Cell[] => texts.map((text) => ({text, style: 'header'}));
const line = (name: string, value: Cell): readonly Cell[] => [{text: name}, value ?? ''];
const space: readonly Cell[] = [];

/** The rows of the `Summary` sheet: what ran, how it went, with which configuration, and what each sheet holds (SPEC 12). */
export function summaryRows({execution, connector, diffCheck, timezone, sheets}: SummaryFacts): readonly (readonly Cell[])[] {
	const clock = (instant: string | null) => (instant === null ? null : clockText(instant, timezone));
	return [
		title(`${connector.name}: ${execution.mode === 'dry' ? 'dry run' : 'live run'}`),
		space,
		line('Connector', execution.connector),
		line('Execution', execution.id),
		line('Mode', execution.mode === 'dry' ? 'dry (nothing was written, record ids are left out)' : 'live'),
		line('Status', execution.status),
		...(execution.error ? errorLines(execution.error) : []),
		line('Objects', execution.objects.join(', ')),
		line('Input file', execution.input_file),
		line('Rows in the input', execution.rows.input),
		...(execution.artifacts.export ? [line('Written to', execution.artifacts.export)] : []),
		...Object.entries(execution.rows.by_scope).map(([scope, rows]) => line(`Rows of ${scope}`, rows)),
		line('Started by', execution.started_by),
		line('Time zone', timezone),
		line('Queued at', clock(execution.queued_at)),
		line('Started at', clock(execution.started_at)),
		line('Ended at', clock(execution.ended_at)),
		line('Took', tookText(execution, false, 0)),
		line('Engine', execution.engine),
		line('Walls around the SQL', execution.walls.join(', ')),
		space,
		title('Counts'),
		heads('Step', 'Name', 'Object', 'Scope', 'Rows', 'Created', 'Updated', 'Skipped', 'Errored', 'Warnings'),
		...execution.stages.filter(({stage}) => stage.startsWith('load:')).map(countLine),
		['All steps', null, null, null, null, ...countsOf(execution.counts)],
		...wouldFireLines(execution),
		space,
		title('Stages'),
		heads('Stage', 'Name', 'State', 'Rows', 'Chunks', 'Done', 'Took', '', '', '', 'Started at', 'Ended at'),
		...execution.stages.map((stage) => stageLine(stage, clock)),
		space,
		title('Configuration'),
		...configurationLines(connector, diffCheck),
		space,
		title('Warnings'),
		...(execution.warnings.length === 0
			? [line('None', null)]
			: [
					heads('Stage', 'Message', 'Line'),
					...execution.warnings.map((warning): readonly Cell[] => [warning.stage, {text: warning.message}, warning.line ?? null]),
				]),
		space,
		title('Sheets'),
		heads('Sheet', 'Full title', 'Rows', 'Note'),
		...sheets.map((sheet): readonly Cell[] => [{text: sheet.name, style: 'link', link: sheet.name}, sheet.title, sheet.rows, sheet.note]),
	];
}

/** Of a dry run alone. */
function wouldFireLines({mode, stages}: Execution): readonly (readonly Cell[])[] {
	const fired = stages.flatMap(({stage, name, would_fire: all = []}) =>
		all.map(({automation, times}): readonly Cell[] => [stage, name, automation, times]),
	);
	if (mode === 'live' || fired.length === 0) return [];
	return [space, title('Automations that a live run would fire'), heads('Step', 'Name', 'Automation', 'Times'), ...fired];
}

function errorLines({message, where, expected, cure}: NonNullable<Execution['error']>): readonly (readonly Cell[])[] {
	const more = [
		['Where', where],
		['Expected', expected],
		['What to do', cure],
	] as const;
	return [line('Error', message), ...more.flatMap(([name, text]) => (text === null ? [] : [line(name, text)]))];
}

function countsOf(counts: Pick<Stage, 'created' | 'updated' | 'skipped' | 'errored' | 'warnings'>): readonly (number | null)[] {
	return [counts.created, counts.updated, counts.skipped, counts.errored, counts.warnings];
}

function countLine(stage: Stage): readonly Cell[] {
	return [stage.stage, stage.name, stage.object, stage.scope, stage.rows, ...countsOf(stage)];
}

function stageLine(of: Stage, clock: (instant: string | null) => string | null): readonly Cell[] {
	const {stage, name, state, rows, chunks, chunks_done: done, started_at: started, ended_at: ended} = of;
	const took = ended === null ? null : tookText(of, false, 0);
	return [stage, name, state, rows, chunks, done, took, null, null, null, clock(started), clock(ended)];
}

function configurationLines(connector: Connector, diffCheck: boolean): readonly (readonly Cell[])[] {
	const {settings} = connector;
	const {stopAfter} = settings;
	const stop = stopAfter
		? [stopAfter.errors === null ? [] : [`${stopAfter.errors} errors`], stopAfter.percent === null ? [] : [`${stopAfter.percent} percent`]]
				.flat()
				.join(' or ')
		: 'never';
	return [
		...(connector.export ? exportLines(connector.export) : []),
		line('Type', connector.type),
		line('SQL', connector.sql?.file ?? 'off'),
		line('Diff check', diffCheck ? 'on' : 'off'),
		line('Chunk size', settings.chunkSize),
		line('Concurrent executions', settings.maxConcurrentExecutions),
		line('Stops after', stop),
		line('Variables', connector.variables.length),
		line('Additional variables', connector.additionalVariables.length),
		line(
			'Reference data',
			connector.referenceData.map(({object, filterGroup}) => (filterGroup === null ? object : `${object} (${filterGroup})`)).join(', '),
		),
		line('Secrets', connector.secrets.join(', ')),
		line('Engine pinned to', connector.engine ?? 'none'),
		...connector.loadSteps.flatMap((step, index) => stepLines(step, index + 1)),
	];
}

function exportLines({from, format, to}: NonNullable<Connector['export']>): readonly (readonly Cell[])[] {
	const source =
		'sql' in from ? from.file : `${from.object}${from.filterGroup === null ? '' : ` (${from.filterGroup})`}: ${from.fields.join(', ')}`;
	return [line('Export of', source), line('Format', format), line('To', to)];
}

function stepLines(
	{name, object, scope, matching, mapping, exposeAs, automations}: LoadStep,
	number: number,
): readonly (readonly Cell[])[] {
	const rules = matching.map(({field, variable}, index) => `${index + 1}. ${field} = ${variable}`).join('; ');
	const fields = mapping.map(({field, variables, conflict}) => `${field} ← ${variables.join(' + ')} (${conflict})`).join('; ');
	const fires = [
		...automations.onCreate.map((one) => `on create ${one}`),
		...automations.onUpdate.map((one) => `on update ${one}`),
		...(automations.suppressTriggers ? ['triggers suppressed'] : []),
	];
	return [
		line(`Load step ${number}`, `${name}: ${scope} → ${object}`),
		line('  matching', rules),
		line('  mapping', fields),
		...(exposeAs === null ? [] : [line('  exposes', exposeAs)]),
		...(fires.length === 0 ? [] : [line('  automations', fires.join('; '))]),
	];
}
