import type {Exported} from '../../../api/contract.js';
import type {Execution} from '../../../model/execution.js';
import {ask, type Effect} from '../effect.js';
import type {ScreenContext} from '../screen.js';
import {confirmedName} from '../shared/production.js';
import {factOf, standing} from '../shared/standing.js';
import {absolutePath, bytesText, quoted, shortId} from '../shared/words.js';
import type {Act} from './command.js';
import {acknowledgeDialog, cancelDialog, rerunDialog} from './dialogs.js';
import {executionMenu} from './menu.js';

export type {Act} from './command.js';

const acts: ReadonlySet<string> = new Set<Act['type']>([
	'menu',
	'download',
	'downloadTo',
	'downloaded',
	'askRerun',
	'rerun',
	'started',
	'askAcknowledge',
	'acknowledge',
	'askCancel',
	'cancel',
	'changed',
]);

export function isAct(command: {readonly type: string}): command is Act {
	return acts.has(command.type);
}

/** What an act wants done. Every loss and every start goes through a dialog first, and success is said only in answers (SPEC 14). */
export function effectsOf(act: Act, around: ScreenContext): readonly Effect<Act>[] {
	switch (act.type) {
		case 'menu':
			return [{menu: {title: `${act.of.connector} ${shortId(act.of.id)}`, choices: executionMenu(act.of)}}];
		case 'download': {
			const {of, artifact} = act;
			return [{prompt: {label: 'Write to: ', text: `${around.folder}/`, entered: (to) => ({type: 'downloadTo', of, artifact, to})}}];
		}
		case 'downloadTo':
			return downloadTo(act, around);
		case 'downloaded':
			return [{show: {title: 'Written', text: writtenText(act.written, around)}}];
		case 'askRerun':
			return [{confirm: rerunDialog(act.of, act.rows, around)}];
		case 'rerun': {
			const {of, rows} = act;
			const request = {...(rows && {rows}), ...(of.mode === 'live' && {confirm: confirmedName(of.connector, around)})};
			return [
				{progress: `Asking the daemon to run ${of.connector} again …`},
				ask('rerun', [of.id, request], {answered: (execution): Act => ({type: 'started', execution})}),
			];
		}
		case 'started': {
			return [{go: {screen: 'execution', execution: act.execution.id}}, standing(act.execution)];
		}
		case 'askAcknowledge':
			return [{confirm: acknowledgeDialog(act.of)}];
		case 'acknowledge':
			return [
				{progress: `Acknowledging ${shortId(act.of.id)} …`},
				ask('acknowledge', [act.of.id], {
					answered: (execution): Act => ({
						type: 'changed',
						execution,
						said: `${shortId(execution.id)} is acknowledged`,
					}),
				}),
			];
		case 'askCancel':
			return [{confirm: cancelDialog(act.of, around)}];
		case 'cancel':
			return [
				{progress: `Asking the daemon to cancel ${shortId(act.of.id)} …`},
				ask('cancel', [act.of.id, {confirm: confirmedName(act.of.connector, around)}], {
					answered: (execution): Act => ({type: 'changed', execution, said: cancelledText(execution)}),
				}),
			];
		case 'changed':
			return [{say: act.said, as: factOf(act.execution)}];
	}
}

function downloadTo({of, artifact, to}: Extract<Act, {type: 'downloadTo'}>, around: ScreenContext): readonly Effect<Act>[] {
	if (to.trim() === '') return [{say: 'Nothing was written: no path was given', tone: 'muted'}];
	const path = absolutePath(to.trim(), around.folder);
	return [
		{progress: `Writing ${path} …`},
		ask('export', [of.id, {artifact, to: path}], {
			answered: (written): Act => ({type: 'downloaded', written}),
			slot: `export ${of.id} ${artifact}`,
		}),
	];
}

function writtenText({path, bytes}: Exported, {user}: ScreenContext): string {
	return [
		`${path}`,
		`${bytesText(bytes)}, on this machine.`,
		'',
		'From your own machine, over SSH:',
		`scp ${user}@<this machine>:${quoted(path)} .`,
	].join('\n');
}

function cancelledText({id, status}: Execution): string {
	return status === 'cancelled' ? `${shortId(id)} is cancelled` : `${shortId(id)} is told to stop; it stops at its next chunk`;
}
