import type {Execution} from '../../model/execution.js';
import {own} from '../../model/own.js';
import type {ExecutionAct, Place} from '../screens/place.js';
import {hasEnded, shortId} from '../screens/shared/words.js';
import {connectorSigns, executionSigns} from '../theme/signs.js';
import type {PaletteEntry} from './palette-entry.js';
import type {App} from './state.js';

/** What a command of the command line takes first. */
type Taken = 'connector' | 'execution' | 'object';

type Verb = {
	readonly takes: Taken;
	readonly says: string;
	/** Of executions and connectors: those it can be done with. */
	readonly fits?: (execution: Execution) => boolean;
	readonly ofType?: string;
	readonly place: (name: string, rest: readonly string[]) => Place;
	/** Where it leads without a name, options alone. */
	readonly bare?: (rest: readonly string[]) => Place;
};

const act =
	(kind: ExecutionAct) =>
	(execution: string): Place => ({screen: 'execution', execution, act: kind});

/** The commands that take a connector, an execution or an object, with the words of the command line (SPEC 13) and where each leads. */
const verbs: Readonly<Record<string, Verb>> = {
	connector: {takes: 'connector', says: 'a connector', place: (connector) => ({screen: 'connector', connector})},
	run: {
		takes: 'connector',
		says: 'opens the run dialog',
		place: (connector, rest) => {
			const input = optionOf(rest, '--input');
			return {screen: 'run', connector, mode: rest.includes('--dry-run') ? 'dry' : 'live', ...(input !== null && {input})};
		},
	},
	activate: {takes: 'connector', says: 'activate it, after a review of its queue', place: (connector) => ({screen: 'review', connector})},
	deactivate: {takes: 'connector', says: 'asks first', place: (connector) => ({screen: 'connector', connector, act: 'deactivate'})},
	queue: {takes: 'connector', says: 'what waits: keep or cancel, activate', place: (connector) => ({screen: 'review', connector})},
	validate: {takes: 'connector', says: 'its problems', place: (connector) => ({screen: 'problems', connector})},
	infer: {
		takes: 'connector',
		says: 'variables its sample suggests',
		place: (connector) => ({screen: 'connector', connector, tab: 'variables', act: 'infer'}),
	},
	'webhook test': {
		takes: 'connector',
		ofType: 'webhook',
		says: 'a signed test request: asks first',
		place: (connector) => ({screen: 'connector', connector, act: 'testWebhook'}),
	},
	history: {takes: 'connector', says: 'who did what', place: (connector) => ({screen: 'history', connector})},
	executions: {
		takes: 'connector',
		says: 'its executions',
		place: (connector, rest) => ({screen: 'executions', connector, ...statusOf(rest)}),
		bare: (rest) => ({screen: 'executions', ...statusOf(rest)}),
	},
	show: {takes: 'execution', says: 'an execution', place: (execution) => ({screen: 'execution', execution})},
	logs: {takes: 'execution', says: 'its log', place: (execution) => ({screen: 'execution', execution, panel: 'log'})},
	tables: {takes: 'execution', says: 'its tables', place: (execution) => ({screen: 'tables', execution})},
	rows: {
		takes: 'execution',
		says: 'the rows of one of its tables',
		place: (execution, [table]) => ({screen: 'tables', execution, ...(table !== undefined && {table})}),
	},
	explain: {
		takes: 'execution',
		says: 'one row through every stage: --row N --scope S',
		place: (execution, rest) => {
			const row = Number(optionOf(rest, '--row') ?? 1);
			const scope = optionOf(rest, '--scope');
			return {screen: 'row', execution, row: Number.isInteger(row) && row > 0 ? row : 1, ...(scope !== null && {scope})};
		},
	},
	report: {takes: 'execution', says: 'download its XLS report', place: act('report')},
	'sql-output': {takes: 'execution', says: 'download its SQL output', place: act('sql_output')},
	input: {takes: 'execution', says: 'download its input file', place: act('input')},
	rerun: {
		takes: 'execution',
		says: 'asks first',
		place: (execution, rest) => act(rest.includes('--rows') ? 'rerunFailed' : 'rerun')(execution),
	},
	ack: {
		takes: 'execution',
		says: 'acknowledge a failure: asks first',
		fits: ({status, acknowledged_at: at}) => status === 'failed' && at === null,
		place: act('acknowledge'),
	},
	cancel: {takes: 'execution', says: 'asks first', fits: (one) => !hasEnded(one), place: act('cancel')},
	records: {
		takes: 'object',
		says: 'its records',
		place: (object, rest) => {
			const find = optionOf(rest, '--find');
			return {screen: 'records', object, ...(find !== null && {find})};
		},
	},
	archive: {
		takes: 'object',
		says: 'finds the record; x archives it, and asks first',
		place: (object, rest) => ({screen: 'records', object, ...(rest.length > 0 && {find: rest.join(' ')})}),
	},
	unarchive: {
		takes: 'object',
		says: 'finds it among archived ones; x brings it back, and asks first',
		place: (object, rest) => ({screen: 'records', object, archived: true, ...(rest.length > 0 && {find: rest.join(' ')})}),
	},
};

/** A command line being typed: what it may mean as far as it stands. Null when its first word is no command that takes anything. */
export function lineEntries(app: App, text: string): readonly PaletteEntry[] | null {
	const words = wordsOf(text);
	const [word, [name = '', ...rest]] = commandOf(words);
	const verb = own(verbs, word.toLowerCase());
	if (verb === undefined) return null;
	if (name.startsWith('--')) {
		if (verb.bare === undefined) return [];
		const options = [name, ...rest];
		return [{kind: 'go', words: [word, ...options.map(quoted)].join(' '), detail: verb.says, does: {place: verb.bare(options)}}];
	}
	const known = namesOf(app, verb);
	const entry = ({name: found, shown = found, detail}: Name): PaletteEntry => ({
		kind: 'go',
		words: [word, shown, ...rest.map(quoted)].join(' '),
		detail: `${detail === '' ? '' : `${detail}  `}${verb.says}`,
		does: {place: verb.place(found, rest)},
	});
	const like = name.toLowerCase();
	const exact = known.filter((one) => one.name === name);
	const found = exact.length > 0 ? exact : known.filter((one) => one.name.startsWith(like) || one.name.includes(like));
	if (found.length > 0) return found.map(entry);
	const mayBe = verb.takes === 'execution' ? /^(last|[0-9a-f-]+)$/i.test(name) : known.length === 0 && name !== '';
	return mayBe ? [entry({name, detail: ''})] : [];
}

/** The commands that still want a name: choosing one writes it into the palette. */
export function verbEntries(): readonly PaletteEntry[] {
	return Object.entries(verbs).map(([word, {takes, says}]) => ({
		kind: 'do',
		words: `${word} <${takes}>`,
		detail: says,
		does: {complete: `${word} `},
	}));
}

/** A command of two words is one where its second stands: `webhook test`. */
function commandOf([first = '', second = '', ...rest]: readonly string[]): readonly [command: string, rest: readonly string[]] {
	const both = `${first} ${second}`;
	return !Object.hasOwn(verbs, both.toLowerCase()) ? [first, [second, ...rest]] : [both, rest];
}

type Name = {readonly name: string; readonly shown?: string; readonly detail: string};

function namesOf({live}: App, {takes, ofType, fits = () => true}: Verb): readonly Name[] {
	switch (takes) {
		case 'connector':
			return (live.status?.connectors ?? [])
				.filter(({type}) => ofType === undefined || type === ofType)
				.map(({api_name: name, status}) => ({name, detail: connectorSigns[status].word}));
		case 'object':
			return (live.objects ?? []).map((name) => ({name, detail: ''}));
		case 'execution':
			return [
				...(live.active.length + live.recent.length === 0 ? [] : [{name: 'last', detail: 'the newest'}]),
				...[...live.active, ...live.recent].filter(fits).map(({id, connector, mode, status}) => ({
					name: id,
					shown: shortId(id),
					detail: `${connector} ${mode} ${executionSigns[status].word}`,
				})),
			];
	}
}

/** The words of a line; what stands in quotes is one. */
function wordsOf(text: string): readonly string[] {
	return [...text.matchAll(/'([^']*)'?|"([^"]*)"?|(\S+)/g)].map(([, single, double, bare]) => single ?? double ?? bare ?? '');
}

function quoted(word: string): string {
	return /\s/.test(word) ? `'${word}'` : word;
}

function statusOf(words: readonly string[]): {readonly status?: string} {
	const status = optionOf(words, '--status');
	return status === null ? {} : {status};
}

function optionOf(words: readonly string[], name: string): string | null {
	const at = words.indexOf(name);
	return at < 0 ? null : (words[at + 1] ?? null);
}
