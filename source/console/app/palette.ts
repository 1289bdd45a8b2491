import {keyLabel} from '../keys/key.js';
import type {Place} from '../screens/place.js';
import {shortId} from '../screens/shared/words.js';
import {connectorSigns, executionSigns} from '../theme/signs.js';
import {keyboardNow, refusalOf} from './keyboards.js';
import type {PaletteEntry} from './palette-entry.js';
import {lineEntries, verbEntries} from './palette-verbs.js';
import {type App, topOf} from './state.js';

const most = 200;

/** What a text in the palette may mean, the best first: screens, connectors, executions, commands of this screen. */
export function paletteEntries(app: App, text: string): readonly PaletteEntry[] {
	const looked = /^find\s+(\S.*)$/i.exec(text.trim())?.[1];
	if (looked !== undefined) return [findEntry(looked)];
	const wanted = text.trim().toLowerCase();
	const line = lineEntries(app, text);
	const all = [...screenEntries(), ...connectorEntries(app), ...commandEntries(app), ...executionEntries(app), ...verbEntries()];
	if (wanted === '') return all.slice(0, most);
	const like = likenesses(all, wanted);
	if (line === null) return like;
	const said = new Set(line.map(({words}) => words));
	const [verb = ''] = wanted.split(/\s/);
	// why: `connectors` begins with `connector`, and what is called exactly so stands first.
	const exact = like.filter(({words}) => words.toLowerCase() === wanted);
	const meant = /\s\S/.test(text.trim()) ? line : [...exact, ...line];
	return [
		...meant,
		...like.filter((entry) => !said.has(entry.words) && !meant.includes(entry) && !entry.words.startsWith(`${verb} <`)),
	].slice(0, most);
}

function likenesses(all: readonly PaletteEntry[], wanted: string): readonly PaletteEntry[] {
	return all
		.map((entry) => ({entry, score: score(entry, wanted)}))
		.filter(({score: points}) => points > 0)
		.sort((a, b) => b.score - a.score)
		.map(({entry}) => entry)
		.slice(0, most);
}

function screenEntries(): readonly PaletteEntry[] {
	const go = (words: string, detail: string, place: Place): PaletteEntry => ({kind: 'go', words, detail, does: {place}});
	return [
		go('status', 'Home: what needs someone, running now, next', {screen: 'home'}),
		go('connectors', 'all connectors', {screen: 'connectors'}),
		go('executions', 'all executions', {screen: 'executions'}),
		go('executions --status failed', 'executions that failed', {screen: 'executions', status: 'failed'}),
		go('records', 'the records in the store', {screen: 'records'}),
		go('validate', 'problems of the configuration', {screen: 'problems'}),
		go('history', 'who did what', {screen: 'history'}),
		go('deliveries', 'mails and webhooks', {screen: 'deliveries'}),
		findEntry(''),
	];
}

/** Takes the rest of the line as it is: what a row holds may be any text. */
function findEntry(text: string): PaletteEntry {
	return {
		kind: 'go',
		words: `find ${text}`.trim(),
		detail: 'the rows of past executions that hold a value',
		does: {place: {screen: 'find', text}},
	};
}

function connectorEntries({live}: App): readonly PaletteEntry[] {
	return (live.status?.connectors ?? []).flatMap(({api_name: connector, status, queued}): PaletteEntry[] => [
		{
			kind: 'go',
			words: `connector ${connector}`,
			detail: connectorSigns[status].word,
			does: {place: {screen: 'connector', connector}},
		},
		{kind: 'do', words: `run ${connector}`, detail: 'opens the run dialog', does: {place: {screen: 'run', connector}}},
		{
			kind: 'do',
			words: `run ${connector} --dry-run`,
			detail: 'opens the run dialog',
			does: {place: {screen: 'run', connector, mode: 'dry'}},
		},
		{
			kind: 'go',
			words: `queue ${connector}`,
			detail: `${queued} waiting: keep or cancel, activate`,
			does: {place: {screen: 'review', connector}},
		},
		{kind: 'go', words: `executions ${connector}`, detail: 'its executions', does: {place: {screen: 'executions', connector}}},
		{kind: 'go', words: `history ${connector}`, detail: 'who did what', does: {place: {screen: 'history', connector}}},
	]);
}

function executionEntries({live}: App): readonly PaletteEntry[] {
	return [...live.active, ...live.recent].map(
		({id, connector, status, mode}): PaletteEntry => ({
			kind: 'go',
			words: `show ${shortId(id)}`,
			detail: `${connector} ${mode} ${executionSigns[status].word}`,
			does: {place: {screen: 'execution', execution: id}},
		}),
	);
}

function commandEntries(app: App): readonly PaletteEntry[] {
	const seen = new Set<string>();
	return keyboardNow(app).bindings.flatMap(({command, keys, label, says}): PaletteEntry[] => {
		if (seen.has(command) || hidden.has(command) || (command === 'find' && !topOf(app)?.screen.find)) return [];
		seen.add(command);
		const refusal = refusalOf(app, command);
		const key = keys[0] === undefined ? '' : `<${keyLabel(keys[0])}>  `;
		return [{kind: 'do', words: label, detail: `${key}${refusal === null ? says : `not now: ${refusal}`}`, does: {command}}];
	});
}

/** Moving about is done with keys, not by name; where one can go stands above by its name. */
const hidden: ReadonlySet<string> = new Set(
	'up down left right pageUp pageDown top bottom palette interrupt back nextTab previousTab nextField previousField toConnectors toExecutions toRecords'.split(
		' ',
	),
);

/** The thing itself stands before what can be done with it. */
function score(entry: PaletteEntry, wanted: string): number {
	const points = likeness(entry, wanted);
	return points > 0 && 'place' in entry.does && entry.does.place.screen === 'connector' ? points + 50 : points;
}

function likeness({words, detail}: PaletteEntry, wanted: string): number {
	const name = words.toLowerCase();
	if (name === wanted) return 1000;
	if (name.startsWith(wanted)) return 500 - name.length / 100;
	const parts = wanted.split(/\s+/);
	if (parts.every((part) => name.includes(part))) return 300 - name.length / 100;
	if (parts.every((part) => `${name} ${detail.toLowerCase()}`.includes(part))) return 100 - name.length / 100;
	return inOrder(name, wanted) ? 10 - name.length / 100 : 0;
}

function inOrder(name: string, wanted: string): boolean {
	let at = 0;
	for (const letter of wanted) {
		at = name.indexOf(letter, at) + 1;
		if (at === 0) return false;
	}
	return true;
}
