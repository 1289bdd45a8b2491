import type {Automation} from '../model/automation.js';
import type {Connector} from '../model/connector.js';
import {SluiceError} from '../model/errors.js';
import type {ExecutionMode} from '../model/execution.js';
import type {InputText} from '../model/input-text.js';
import type {ObjectDefinition} from '../model/object.js';
import {own} from '../model/own.js';
import type {SqlSession} from '../model/sql-session.js';
import {keptTable} from '../model/sql-text.js';
import type {FieldValue} from '../model/value.js';
import {type ExplainedAutomation, explainAutomations} from './explain/automations.js';
import {type Exposed, exposedBy} from './explain/exposed.js';
import {type ExplainedField, explainFields} from './explain/mapping.js';
import {type CandidateNow, type ExplainedRule, explainRules} from './explain/matching.js';
import type {LoadRow, SqlRow, TableRow, VariablesRow} from './rows/shapes.js';
import {readRows} from './rows.js';
import {keptColumns} from './run-tables/columns.js';
import {listTables} from './tables.js';

export type ExplainRequest = {
	/** The row's number in its scope, from 1. */
	readonly row: number;
	/** May be left out where the execution has one scope. */
	readonly scope?: string | undefined;
	readonly mode: ExecutionMode;
	readonly connector: Connector;
	readonly objects: readonly ObjectDefinition[];
	/** The workspace's automations, for the normal triggers. */
	readonly automations?: readonly Automation[];
	/** What the input file holds on a line, where the caller can get at it. */
	readonly inputText?: (line: number) => Promise<InputText>;
	/** Who holds a value in the store today. why a question: the tables keep which rule decided, not whom it found. */
	readonly candidates?: (object: string, field: string, value: FieldValue) => Promise<readonly CandidateNow[]>;
};

export type ExplainedVariable = {
	readonly raw: string | null;
	readonly value: FieldValue | null;
	readonly type: string;
	readonly problem: string | null;
};

export type ExplainedStep = Omit<LoadRow, 'row' | 'line'> & {
	readonly name: string;
	readonly object: string;
	readonly rules: readonly ExplainedRule[];
	readonly fields: readonly ExplainedField[];
	/** Fired by a live run; what a dry run would have fired. */
	readonly automations: readonly ExplainedAutomation[];
};

/** One row from its line to its records: a key per stage that the execution reached (SPEC 13). */
export type Explanation = {
	readonly row: number;
	readonly scope: string;
	/** `text`: what the input holds on the row's line, where one page has such a line; `texts` where several have. */
	readonly intake: {readonly line: number | null; readonly text: string | null} & InputText;
	readonly sql?: {readonly table: string; readonly values: SqlRow['values']};
	readonly variables?: {
		readonly state: VariablesRow['state'];
		readonly reason: string | null;
		readonly values: Readonly<Record<string, ExplainedVariable>>;
	};
	/** Null where the run made no diff check. */
	readonly diff: {readonly unchanged: boolean; readonly since: string | null} | null;
	readonly [load: `load:${number}`]: ExplainedStep;
};

/**
 * Explains one row of a scope.
 *
 * @throws SluiceError `report.no_scope`, `report.no_row`
 */
export async function explainRow(session: SqlSession, request: ExplainRequest): Promise<Explanation> {
	const tables = (await listTables(session)).map(({table}) => table);
	const scope = scopeOf(request, tables);
	const {row} = request;
	const sql = (await rowOf(session, request, tables, `sql:${scope}`)) as SqlRow | undefined;
	const typed = (await rowOf(session, request, tables, `variables:${scope}`)) as VariablesRow | undefined;
	const steps: [`load:${number}`, ExplainedStep][] = [];
	const exposed = new Map<string, Exposed>();
	let line = await lineOf(session, tables, scope, row);
	for (const [index, step] of request.connector.loadSteps.entries()) {
		const table = `load:${index + 1}` as const;
		if (step.scope !== scope) continue;
		const loaded = (await rowOf(session, request, tables, table)) as LoadRow | undefined;
		if (loaded === undefined) continue;
		line ??= loaded.line;
		steps.push([table, await explainStep(request, index, loaded, typed, exposed)]);
		if (step.exposeAs === null) continue;
		const kept = (await rowOf(session, {...request, mode: 'live'}, tables, table)) as LoadRow;
		const record = await exposedBy(session, request, step, index + 1, kept);
		if (record) exposed.set(step.exposeAs, record);
	}
	if (!sql && !typed && steps.length === 0)
		throw new SluiceError('report.no_row', `The scope ${scope} has no row ${row}`, {
			expected: 'a row number from 1 to the number of its rows',
		});
	return {
		row,
		scope,
		intake: await intakeOf(line, request),
		...(sql ? {sql: {table: scope, values: sql.values}} : {}),
		...(typed ? {variables: {state: typed.state, reason: typed.reason, values: variablesOf(typed, request.connector, scope)}} : {}),
		diff: await diffOf(session, scope, row),
		...Object.fromEntries(steps),
	};
}

async function intakeOf(line: number | null, {inputText}: ExplainRequest): Promise<Explanation['intake']> {
	if (line === null)
		return {line, text: null, texts: [], note: 'This scope does not carry the line of the input file: select _line to trace rows back'};
	const {texts, note} = (await inputText?.(line)) ?? {texts: [], note: null};
	const [only, ...more] = texts;
	return only && more.length === 0 ? {line, text: only.text, texts: [], note} : {line, text: null, texts, note};
}

function scopeOf({scope, connector}: ExplainRequest, tables: readonly string[]): string {
	const outputs = tables.filter((table) => table.startsWith('sql:')).map((table) => table.slice('sql:'.length));
	const scopes = outputs.filter((table) => !table.endsWith('errors') || connector.loadSteps.some((step) => step.scope === table));
	const expected = outputs.join(', ');
	if (scope !== undefined) {
		if (outputs.includes(scope) || tables.includes(`variables:${scope}`)) return scope;
		throw new SluiceError('report.no_scope', `The execution has no scope "${scope}"`, {expected});
	}
	const [only, ...more] = scopes;
	if (only !== undefined && more.length === 0) return only;
	throw new SluiceError('report.no_scope', only === undefined ? 'The execution has no scope yet' : 'The execution has several scopes', {
		expected,
	});
}

async function rowOf(
	session: SqlSession,
	request: ExplainRequest,
	tables: readonly string[],
	table: string,
): Promise<TableRow | undefined> {
	if (!tables.includes(table)) return undefined;
	const {mode, connector, objects, row} = request;
	const page = await readRows(session, {table, mode, connector, objects, column: 'row', value: String(row), limit: 1}, {total: 1});
	return page.items[0];
}

async function lineOf(session: SqlSession, tables: readonly string[], scope: string, row: number): Promise<number | null> {
	const table = [`sql:${scope}`, `variables:${scope}`].find((name) => tables.includes(name));
	if (table === undefined) return null;
	const [found] = await session.rows<{line: string | number | null}>(
		`SELECT __line AS line FROM ${keptTable(table)} WHERE __row = ${Math.trunc(row)}`,
	);
	return found?.line === null || found?.line === undefined ? null : Number(found.line);
}

async function diffOf(session: SqlSession, scope: string, row: number): Promise<Explanation['diff']> {
	if ((await keptColumns(session, `diff:${scope}`)).length === 0) return null;
	const [found] = await session.rows<{since: string}>(
		`SELECT __since AS since FROM ${keptTable(`diff:${scope}`)} WHERE __row = ${Math.trunc(row)}`,
	);
	return {unchanged: found !== undefined, since: found?.since ?? null};
}

function variablesOf({variables}: VariablesRow, connector: Connector, scope: string): Readonly<Record<string, ExplainedVariable>> {
	const defined = [...connector.variables.filter((variable) => variable.scope === scope), ...connector.additionalVariables];
	return Object.fromEntries(
		Object.entries(variables).map(([name, cell]) => [name, {...cell, type: defined.find((one) => one.name === name)?.type ?? 'string'}]),
	);
}

async function explainStep(
	request: ExplainRequest,
	index: number,
	row: LoadRow,
	typed: VariablesRow | undefined,
	exposed: ReadonlyMap<string, Exposed>,
): Promise<ExplainedStep> {
	const step = request.connector.loadSteps[index];
	if (step === undefined) throw new SluiceError('internal', `There is no load step ${index + 1}`);
	const shown = (variable: string) => exposed.get(variable)?.shown;
	const typedValue = (variable: string): FieldValue | null => {
		const record = shown(variable);
		return record ? (record.id ?? record.record) : ((typed && own(typed.variables, variable)?.value) ?? null);
	};
	const rules: ExplainedRule[] = [];
	for (const rule of explainRules(step.matching, row, typedValue, shown)) {
		const value = exposed.get(rule.variable)?.id ?? rule.value;
		const asked = request.candidates && value !== null && rule.state !== 'not reached';
		rules.push({...rule, candidates_now: asked ? ((await request.candidates?.(step.object, rule.field, value)) ?? null) : null});
	}
	const {row: _row, line: _line, ...end} = row;
	return {
		name: step.name,
		object: step.object,
		...end,
		rules,
		fields: explainFields(step.mapping, row, typedValue, shown),
		automations: explainAutomations(step, row, request.automations ?? []),
	};
}
