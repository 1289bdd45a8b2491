import type {ConnectorDetail, Proposal, Proposals} from '../../../api/contract.js';
import {flowLine} from '../../../model/flow-line.js';
import {ask, type Choice, type Effect} from '../effect.js';
import {countOf} from '../shared/words.js';

export type InferCommand =
	| {readonly type: 'infer'}
	| {readonly type: 'proposalsCame'; readonly items: readonly Proposal[]}
	| {readonly type: 'copyProposal'; readonly line: string}
	| {readonly type: 'askWrite'; readonly names: readonly string[]}
	| {readonly type: 'writeProposals'}
	| {readonly type: 'proposalsWritten'; readonly file: string | null};

/** Variables proposed from the sample: looked at first, copied one by one, or written into the file after a dialog (SPEC 6). */
export function inferring(connector: string, detail: ConnectorDetail | null, command: InferCommand): readonly Effect<InferCommand>[] {
	switch (command.type) {
		case 'infer':
			return [{say: 'Reading the sample file …', tone: 'busy'}, asked(connector, false)];
		case 'proposalsCame':
			return [{say: ''}, {menu: {title: `Variables the sample suggests for ${connector}`, choices: choicesOf(detail, command.items)}}];
		case 'copyProposal':
			return [{copy: `  - ${command.line}`, what: command.line}];
		case 'askWrite':
			return [{confirm: dialogOf(connector, command.names)}];
		case 'writeProposals':
			return [{say: 'Asking the daemon to write them …', tone: 'busy'}, asked(connector, true)];
		case 'proposalsWritten':
			return [{say: `Written to ${command.file ?? 'nothing'}; e opens it`, tone: 'good'}];
	}
}

function asked(connector: string, write: boolean): Effect<InferCommand> {
	return ask('infer', [connector, write ? {write} : {}], {
		answered: ({items, written}: Proposals): InferCommand =>
			write ? {type: 'proposalsWritten', file: written} : {type: 'proposalsCame', items},
	});
}

function choicesOf(detail: ConnectorDetail | null, items: readonly Proposal[]): readonly Choice<InferCommand>[] {
	const known = new Set(detail?.configuration?.variables.map(({name}) => name));
	const names = items.map(({name}) => String(name)).filter((name) => !known.has(name));
	const all: Choice<InferCommand> = {
		label: `write ${names.length === 1 ? 'the new one' : `the ${names.length} new ones`} into connector.yaml`,
		command: {type: 'askWrite', names},
		...(names.length === 0 && {refused: 'the file names each of them already'}),
	};
	const one = (item: Proposal): Choice<InferCommand> => {
		const line = flowLine(item);
		return {label: line, command: {type: 'copyProposal', line}, ...(known.has(String(item.name)) && {refused: 'the file has it already'})};
	};
	return [all, ...items.map(one)];
}

function dialogOf(connector: string, names: readonly string[]) {
	return {
		title: `Write ${countOf(names.length, 'variable')} into connectors/${connector}/connector.yaml?`,
		lines: [names.join(', '), 'They are added under variables, and the connector is checked again at once.'],
		stays: 'comments, order and every variable that is there already',
		safer: 'Enter on one of them copies its line, to be pasted where you want it',
		action: 'write them',
		yes: {type: 'writeProposals'},
	} as const;
}
