import type {ConnectorDetail, Proposal, Proposals} from '../../../api/contract.js';
import {flowLine} from '../../../model/flow-line.js';
import {ask, type Choice, type Effect} from '../effect.js';
import {countOf} from '../shared/words.js';

export type InferCommand =
	| {readonly type: 'infer'}
	| {readonly type: 'proposalsCame'; readonly read: Proposals['read']; readonly items: readonly Proposal[]}
	| {readonly type: 'copyProposal'; readonly line: string}
	/** `read`: the keys of `read` that are written too, as a line. */
	| {readonly type: 'askWrite'; readonly names: readonly string[]; readonly read: string | null}
	| {readonly type: 'writeProposals'}
	| {readonly type: 'proposalsWritten'; readonly file: string | null};

/** What the client answers: `written` is the file they were added to, null when they were only asked for. */
type Proposed = Omit<Proposals, 'file'> & {readonly written: string | null};

/** Variables proposed from the sample: looked at first, copied one by one, or written into the file after a dialog (SPEC 6). */
export function inferring(connector: string, detail: ConnectorDetail | null, command: InferCommand): readonly Effect<InferCommand>[] {
	switch (command.type) {
		case 'infer':
			return [{progress: 'Reading the sample file …'}, asked(connector, false)];
		case 'proposalsCame':
			return [{say: ''}, {menu: {title: `Variables the sample suggests for ${connector}`, choices: choicesOf(detail, command)}}];
		case 'copyProposal':
			return [{copy: command.line, what: command.line.replace(/^ *- /, '')}];
		case 'askWrite':
			return [{confirm: dialogOf(connector, command)}];
		case 'writeProposals':
			return [{progress: 'Writing them …'}, asked(connector, true)];
		case 'proposalsWritten':
			return [{say: `Written to ${command.file ?? 'nothing'}; e opens it`, tone: 'good'}];
	}
}

function asked(connector: string, write: boolean): Effect<InferCommand> {
	return ask('infer', [connector, write ? {write} : {}], {
		answered: ({read, items, written}: Proposed): InferCommand =>
			write ? {type: 'proposalsWritten', file: written} : {type: 'proposalsCame', read, items},
	});
}

function choicesOf(
	detail: ConnectorDetail | null,
	{read: {notes, ...keys}, items}: Extract<InferCommand, {type: 'proposalsCame'}>,
): readonly Choice<InferCommand>[] {
	const known = new Set(detail?.configuration?.variables.map(({name}) => name));
	const names = items.map(({name}) => String(name)).filter((name) => !known.has(name));
	const read = Object.keys(keys).length === 0 ? null : `read: ${flowLine(keys)}`;
	const ones = names.length === 1 ? 'the new one' : `the ${names.length} new ones`;
	const all: Choice<InferCommand> = {
		label: `write ${read === null ? ones : names.length === 0 ? read : `${read} and ${ones}`} into connector.yaml`,
		command: {type: 'askWrite', names, read},
		...(names.length === 0 && read === null && {refused: 'the file names each of them already'}),
	};
	const one = (item: Proposal): Choice<InferCommand> => {
		const line = flowLine(item);
		const command: InferCommand = {type: 'copyProposal', line: `  - ${line}`};
		return {label: line, command, ...(known.has(String(item.name)) && {refused: 'the file has it already'})};
	};
	const reading: readonly Choice<InferCommand>[] = read === null ? [] : [{label: read, command: {type: 'copyProposal', line: read}}];
	const said = notes.map((note): Choice<InferCommand> => ({label: `# ${note}`, command: {type: 'copyProposal', line: `# ${note}`}}));
	return [all, ...reading, ...said, ...items.map(one)];
}

function dialogOf(connector: string, {names, read}: Extract<InferCommand, {type: 'askWrite'}>) {
	const variables = countOf(names.length, 'variable');
	const what = read === null ? variables : names.length === 0 ? 'the keys of read' : `the keys of read and ${variables}`;
	return {
		title: `Write ${what} into connectors/${connector}/connector.yaml?`,
		lines: [
			...(read === null ? [] : [read]),
			...(names.length === 0 ? [] : [names.join(', ')]),
			'They are added, and the connector is checked again at once.',
		],
		stays: 'comments, order and everything that is there already',
		safer: 'Enter on one of them copies its line, to be pasted where you want it',
		action: 'write them',
		yes: {type: 'writeProposals'},
	} as const;
}
